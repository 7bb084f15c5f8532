package doctor

// Facts are what there is on a machine, as far as it can be told without unlocking
// anything.
type Facts struct {
	Manifest   Manifest
	Keyring    error // why the keyring of the system cannot be used, nil if it can
	Keystore   Keystore
	Identities []Identity // the files that were found, in the order in which they are tried
	Files      []File     // those that latch reads or writes here, and their folders
	Hosts      []Host     // of the manifest
	EnvDir     string     // where their env files lie
	Servers    []Server   // that the manifest names
}

// Manifest is the manifest in use.
//
// Where it is there and cannot be read, nothing that depends on it was looked at.
type Manifest struct {
	Path       string
	Named      bool   // by a flag, a variable or the settings file
	Err        error  // why it cannot be read; fs.ErrNotExist where there is none
	Lattice    string // empty where it cannot be read
	Generation uint64
	Errors     []string // what `latch lattice check` finds
	Warnings   []string
}

// Keystore is the keystore in use.
type Keystore struct {
	URI     string // "" where only a manifest that cannot be read may say it
	Origin  string // where that was said
	Keyring bool   // it is the keyring of the system
	Err     error  // why it cannot be listed
	Count   int    // of the seeds it lists
	Lacks   []string
	// Sealed: it opens for Recipients or, where there are none, with a passphrase.
	Sealed     bool
	Recipients int
}

// Identity is a file of age or ssh identities.
type Identity struct {
	Path   string
	Err    error // why it cannot be used
	Sealed bool  // a passphrase is needed to tell whom it opens for
	Opens  bool  // it opens for one of the keystore's recipients
}

// File is a file or a folder that latch reads or writes.
type File struct {
	Path    string
	Unsafe  error // what others could do with it, nil if nothing
	Needed  bool  // latch refuses to go on while it is unsafe
	Secret  bool  // it holds a seed or an identity in clear
	Tracked bool  // by git
	Seen    bool  // by git: the next `git add .` would take it
}

// Host is a host of the manifest, and the env file that was written for it.
type Host struct {
	Name       string
	Written    bool
	Generation uint64 // of the manifest that the file was written from
}

// Server is a NATS server that the manifest names.
type Server struct {
	Address string // host:port
	Err     error  // why a TCP connection was not accepted
}
