package keystore

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/environ"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/similar"
)

type (
	// Store keeps seeds by name.
	Store = store.Store
	// Entry is what is known of a stored seed without its secret.
	Entry = store.Entry
	// Finder is a store that has its keys by more names than it lists.
	Finder = store.Finder
	// BucketConfig is how the bucket of one is made.
	BucketConfig = bucket.Config
	// Reach is who can open a key.
	Reach = bucket.Reach
	// Bucket is the keystore of a team, in a bucket of NATS.
	Bucket = bucket.Store
	// BucketCopy is what a machine keeps of one.
	BucketCopy = bucket.Copy
	// Manifest is one that was published in a bucket.
	Manifest = bucket.Manifest
	// ManifestRevision is a revision that a bucket still has of one.
	ManifestRevision = bucket.ManifestRevision
	// Finding is something in a store that is not as it should be.
	Finding = store.Finding
)

// Sharer is a keystore that several can open, each in their own way; see
// sealed.Store.
type Sharer interface {
	Store
	Init(ctx context.Context, to []agefile.Recipient, passphrase []byte) error
	Recipients(ctx context.Context) ([]agefile.Recipient, error)
	Share(ctx context.Context, with []agefile.Recipient) (added []agefile.Recipient, resealed int, err error)
	Unshare(ctx context.Context, which string, forced bool) (gone agefile.Recipient, resealed int, err error)
}

// Deps is what stores need of the world around them.
type Deps struct {
	Environ  []string         // the process environment, NAME=value
	Names    func() []string  // names that keys are known by, for a store that cannot tell; may be nil
	Now      func() time.Time // stamps new entries
	IndexDir string           // the folder of the keyring's index, and of what was seen of buckets
	BaseDir  string           // where a relative path in a URI starts
	Disk     safefile.Disk    // what writes; the zero one is the real one
	Random   io.Reader        // names a new nats: keystore
	Dial     bucket.Dial      // connects to the servers of nats:
	// Unlock is what the person can open age: and nats: with.
	Unlock agefile.Unlock
	// Notice says what was done unasked, such as finishing what a killed run had
	// begun; nil: nobody listens.
	Notice func(message string)
}

// Open chooses the store. It touches no file, socket or keyring; the first
// method called does. The error, for an unknown URI, is of the kind fault.Usage.
func Open(uri string, deps Deps) (Store, error) {
	name, rest, found := strings.Cut(uri, ":")
	if !found {
		return nil, badURI(withoutScheme(uri))
	}
	s, known := schemes()[name]
	switch {
	case !known:
		return nil, badURI("there is no such kind of keystore" + quoted(name) + meant(name))
	case s.connect != nil:
		return s.connect(uri, rest, deps)
	case s.command && strings.TrimSpace(rest) == "":
		return nil, badURI(name + ": needs a command, as in exec:pass show keys/{}")
	case s.command:
		return s.open(uri, rest, deps), nil
	case !s.folder && rest != "":
		return nil, badURI(name + ": takes nothing after the colon")
	case !s.folder:
		return s.open(uri, "", deps), nil
	}
	path, err := folderIn(name, rest, deps.BaseDir)
	if err != nil {
		return nil, err
	}
	return s.open(uri, path, deps), nil
}

// Away tells whether an error says that a bucket cannot be reached, rather than that
// it says no.
func Away(err error) bool { return bucket.Away(err) }

// HandedIn reports whether seeds are handed in as variables: nothing can be stored.
func HandedIn(in Store) bool {
	return in.URI() == "env:"
}

// SeedVariable is the variable that the store env: has the seed of a name in.
func SeedVariable(name string) string { return environ.Variable(name) }

func badURI(message string) error {
	return fault.New(fault.Usage, "%s", message).WithHint("known are keyring: (the default), age:DIR, dir:DIR, env:, nats://HOST:PORT/BUCKET, vault:MOUNT/PATH and exec:CMD")
}

// quoted echoes a scheme that looks like one and cannot be a secret.
func quoted(scheme string) string {
	if len(scheme) > 12 || strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return fmt.Sprintf(": %q", scheme+":")
}

// meant asks whether a kind of keystore was meant that there is.
func meant(scheme string) string {
	if word, near := similar.Word(scheme, slices.Sorted(maps.Keys(schemes()))); near {
		return "; did you mean " + word + ":?"
	}
	return ""
}

// withoutScheme says what a URI lacks. It repeats nothing but what can only be the
// name of a folder: somebody may have put a seed or a password there.
func withoutScheme(uri string) string {
	const most = 32
	if uri == "" || len(uri) > most || strings.Trim(uri, "abcdefghijklmnopqrstuvwxyz./_-") != "" {
		return "the keystore URI has no scheme"
	}
	return fmt.Sprintf("the keystore URI %q has no scheme; did you mean dir:%s or age:%s?", uri, uri, uri)
}

// folderIn is the folder that a URI names.
func folderIn(scheme, path, base string) (string, error) {
	scheme += ":"
	switch {
	case path == "":
		return "", badURI(scheme + " needs a folder, as in " + scheme + "keys")
	case path == "~" || strings.HasPrefix(path, "~/"):
		return "", fault.New(fault.Usage, "no shell expands the ~ in %s~", scheme).WithHint("write %s$HOME%s", scheme, path[1:])
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	}
	return filepath.Join(base, path), nil
}
