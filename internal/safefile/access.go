package safefile

import "io/fs"

// Access is who may read a file.
type Access int

const (
	// Private files hold secrets: mode 0600, in a folder that belongs to us or
	// to root and that nobody else can write.
	Private Access = iota
	// Owned files hold nothing in clear but must not be exchanged: made with mode
	// 0600 in a folder as for Private, and read also where others can read them,
	// as git leaves them.
	Owned
	// Shared files hold no secret: mode 0644, in any folder.
	Shared
)

func (a Access) mode() fs.FileMode {
	if a == Shared {
		return 0o644
	}
	return 0o600
}
