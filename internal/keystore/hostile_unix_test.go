//go:build unix

package keystore_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/oracle"
)

// traps are what a hostile folder can hold in the place of a store's file, or
// be itself.
func traps() map[string]func(t *testing.T, folder, file string) {
	return map[string]func(t *testing.T, folder, file string){
		"symbolic link": func(t *testing.T, _, file string) {
			keystoretest.Must(t, os.Rename(file, file+".aim"))
			keystoretest.Must(t, os.Symlink(file+".aim", file))
		},
		"hard link": func(t *testing.T, folder, file string) {
			keystoretest.Must(t, os.Link(file, filepath.Join(folder, "..", "second")))
		},
		"pipe": func(t *testing.T, _, file string) {
			keystoretest.Must(t, os.Remove(file))
			keystoretest.Must(t, syscall.Mkfifo(file, 0o600))
		},
		"folder": func(t *testing.T, _, file string) {
			keystoretest.Must(t, os.Remove(file))
			keystoretest.Must(t, os.Mkdir(file, 0o700))
		},
		"another owner": func(t *testing.T, _, file string) {
			needRoot(t)
			keystoretest.Must(t, os.Chown(file, 12345, -1))
		},
		"another owner of the folder": func(t *testing.T, folder, _ string) {
			needRoot(t)
			keystoretest.Must(t, os.Chown(folder, 12345, -1))
		},
		"writable file":  func(t *testing.T, _, file string) { keystoretest.Must(t, os.Chmod(file, 0o620)) },
		"group-writable": func(t *testing.T, folder, _ string) { keystoretest.Must(t, os.Chmod(folder, 0o770)) },
		"world-writable": func(t *testing.T, folder, _ string) { keystoretest.Must(t, os.Chmod(folder, 0o777)) },
		"link to another": func(t *testing.T, folder, file string) {
			keystoretest.Must(t, os.Remove(file))
			keystoretest.Must(t, os.Symlink(folder, file))
		},
	}
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can give files away")
	}
}

// Every file that a store reads, exchanged for every trap: it is refused, at
// once, and not followed.
func TestHostileFolders(t *testing.T) {
	t.Parallel()
	cases := 0
	for kind, files := range map[string][]string{
		"dir":     {"a.nk"},
		"age":     {"a.age", "a.pub", "recipients.txt"},
		"keyring": {"keyring.json"},
	} {
		for _, name := range files {
			for trap, set := range traps() {
				cases++
				t.Run(kind+" "+name+" "+trap, func(t *testing.T) {
					t.Parallel()
					s := newScene(t, kind)
					folder := filepath.Join(s.dir, "keys")
					set(t, folder, filepath.Join(folder, name))
					s.refuses(t, name)
				})
			}
		}
	}
	oracle.Figure(t, "%d traps", cases)
	if cases < 50 {
		t.Errorf("only %d traps", cases)
	}
}

func (s scene) refuses(t *testing.T, name string) {
	t.Helper()
	_, getErr := s.store(t).Get(t.Context(), "a") // a pipe that was waited for would hang here
	_, listErr := s.store(t).List(t.Context())
	errs := map[string]error{
		"Get": getErr, "List": listErr, "Put a": s.store(t).Put(t.Context(), "a", s.seeds["a"]), "Put new": s.store(t).Put(t.Context(), "new", s.seeds["new"]),
	}
	must := map[string][]string{
		"a.nk": {"Get", "List", "Put a"}, "a.age": {"Get", "Put a"}, "a.pub": {"Get", "List", "Put a"},
		"recipients.txt": {"Put new"}, "keyring.json": {"Get", "List", "Put a", "Put new"},
	}[name]
	for _, doing := range must {
		if !fault.Is(errs[doing], fault.Refused) || fault.Is(errs[doing], fault.NotFound) {
			t.Errorf("%s: %v", doing, errs[doing])
		}
	}
}
