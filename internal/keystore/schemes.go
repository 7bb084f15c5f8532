package keystore

import (
	"runtime"

	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/command"
	"github.com/latch-keys/latch/internal/keystore/environ"
	"github.com/latch-keys/latch/internal/keystore/folder"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/sealed"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/keystore/vault"
	"github.com/latch-keys/latch/internal/safefile"
)

// scheme is a kind of store.
type scheme struct {
	folder  bool // its URI names one
	command bool // its URI names one
	// connect opens what a server keeps; rest is what follows the colon. nil: no server.
	connect func(uri, rest string, deps Deps) (Store, error)
	// backend says in words what a URI stands for; path is the folder.
	backend func(path string) string
	open    func(uri, path string, deps Deps) Store
}

// schemes are all kinds of stores, by what their URIs start with.
func schemes() map[string]scheme {
	return map[string]scheme{
		"keyring": {
			backend: func(string) string { return systemKeyring(runtime.GOOS) },
			open: func(uri, _ string, deps Deps) Store {
				return store.Guard(uri, keyring.New(keyring.System(deps.Environ), deps.IndexDir, deps.Disk, deps.Now))
			},
		},
		"age": {
			folder:  true,
			backend: func(path string) string { return "files encrypted with age, in " + path },
			open:    openSealed,
		},
		"dir": {
			folder:  true,
			backend: func(path string) string { return "plain files that only you can read, in " + path },
			open: func(uri, path string, deps Deps) Store {
				return store.Guard(uri, folder.Plain(&folder.Blobs{
					Path: path, Access: safefile.Private, Disk: deps.Disk, Notice: deps.Notice,
					Absent: "check the path; the folder is made when the first key is stored: latch keys gen cluster --name NAME",
				}))
			},
		},
		"nats": inBucket(),
		"tls":  inBucket(),
		"vault": {
			connect: openVault,
			backend: func(path string) string { return "secrets of Vault or OpenBao, in " + path },
		},
		"exec": {
			command: true,
			backend: func(line string) string { return "what a command prints, read only: " + line },
			open:    func(uri, line string, deps Deps) Store { return command.New(uri, line, deps.Environ, deps.Names) },
		},
		"env": {
			backend: func(string) string { return "the variables " + environ.Prefix + "<NAME>, read only" },
			open:    func(uri, _ string, deps Deps) Store { return environ.New(uri, deps.Environ, deps.Names) },
		},
	}
}

func inBucket() scheme {
	return scheme{connect: openBucket, backend: func(path string) string { return "a bucket of NATS JetStream, encrypted with age, at " + path }}
}

// BucketOf is the name of the bucket that the URI of a keystore names.
func BucketOf(uri string) (string, error) {
	at, err := bucket.ParseAddress(uri)
	return at.Bucket, err
}

func openBucket(uri, _ string, deps Deps) (Store, error) {
	at, err := bucket.ParseAddress(uri)
	if err != nil {
		return nil, err
	}
	return bucket.New(uri, at, bucket.Options{
		Dial: deps.Dial, Unlock: deps.Unlock, Now: deps.Now, Random: deps.Random, Memory: deps.IndexDir, Disk: deps.Disk, Notice: deps.Notice,
	}), nil
}

func openVault(uri, rest string, deps Deps) (Store, error) {
	at, err := vault.ParseAddress(rest)
	if err != nil {
		return nil, err
	}
	return vault.New(uri, at, vault.Options{Environ: deps.Environ, Now: deps.Now, Notice: deps.Notice}), nil
}

func openSealed(uri, path string, deps Deps) Store {
	blobs := &folder.Blobs{
		Path: path, Access: safefile.Owned, Disk: deps.Disk, Notice: deps.Notice, Removable: []string{sealed.ProofFile},
		Absent: "check the path, or make it: latch keystore init " + uri + " --to RECIPIENT",
	}
	return sealed.New(uri, blobs, deps.Unlock, deps.Now, "latch keystore init age:"+path+" --to RECIPIENT")
}
