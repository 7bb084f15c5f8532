package keystore

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/safefile"
)

// Default is the URI used where none is given.
const Default = "keyring:"

// Deps is what stores need of the world around them.
type Deps struct {
	Environ  []string         // the process environment, NAME=value
	Now      func() time.Time // stamps new entries
	IndexDir string           // the folder of the keyring's index
	BaseDir  string           // where a relative path in a URI starts
	Disk     safefile.Disk    // what writes; the zero one is the real one
	// Unlock is what the person can open age: with.
	Unlock Unlock
}

// Open chooses the store. It touches no file, socket or keyring; the first
// method called does. The error, for an unknown URI, matches ErrURI.
func Open(uri string, deps Deps) (Store, error) {
	scheme, rest, found := strings.Cut(uri, ":")
	if !found {
		// Not echoed: somebody may have put a seed here.
		return nil, badURI("the keystore URI has no scheme")
	}
	switch scheme {
	case "keyring":
		if rest != "" {
			return nil, badURI("keyring: takes nothing after the colon")
		}
		return &guarded{uri: uri, medium: newKeyring(deps)}, nil
	case "dir":
		path, err := dirPath(scheme, rest, deps.BaseDir)
		if err != nil {
			return nil, err
		}
		return &guarded{uri: uri, medium: newDir(path, deps)}, nil
	case "age":
		path, err := dirPath(scheme, rest, deps.BaseDir)
		if err != nil {
			return nil, err
		}
		medium := newAged(uri, path, deps)
		return &shared{guarded: guarded{uri: uri, medium: medium}, aged: medium}, nil
	case "env":
		if rest != "" {
			return nil, badURI("env: takes nothing after the colon")
		}
		return &env{environ: deps.Environ}, nil
	}
	return nil, badURI("there is no such kind of keystore" + quoted(scheme))
}

func badURI(message string) error {
	return &fault{kind: ErrURI, message: message, hint: "known are keyring: (the default), age:DIR, dir:DIR and env:"}
}

// quoted echoes a scheme that looks like one and cannot be a secret.
func quoted(scheme string) string {
	if len(scheme) > 12 || strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return fmt.Sprintf(": %q", scheme+":")
}

func dirPath(scheme, path, base string) (string, error) {
	scheme += ":"
	switch {
	case path == "":
		return "", badURI(scheme + " needs a folder, as in " + scheme + "keys")
	case path == "~" || strings.HasPrefix(path, "~/"):
		return "", &fault{kind: ErrURI, message: "no shell expands the ~ in " + scheme + "~", hint: "write " + scheme + "$HOME" + path[1:]}
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	}
	return filepath.Join(base, path), nil
}
