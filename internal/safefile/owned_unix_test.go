//go:build unix

package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

// What git checks out can be read by others; what others can write is refused.
func TestOwnedFilesMayBeReadByOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	for mode, fine := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o664: false, 0o646: false} {
		put(t, path, "x", mode)
		if data, err := Read(path, Owned, 10); fine && (err != nil || string(data) != "x") {
			t.Errorf("%v: %q %v", mode, data, err)
		} else if !fine && !fault.Is(err, fault.Refused) {
			t.Errorf("%v: %v", mode, err)
		}
	}
	if _, err := Write(path, []byte("y"), Owned); err != nil {
		t.Fatal(err)
	}
	has(t, path, "y", 0o600)
}

func TestFilesWithTwoNamesAreRefused(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path, other := filepath.Join(dir, "f"), filepath.Join(dir, "other")
	put(t, path, "x", 0o600)
	if err := os.Link(path, other); err != nil {
		t.Fatal(err)
	}
	for _, access := range []Access{Private, Owned} {
		_, err := Read(path, access, 10)
		refused(t, err, path)
	}
	if data, err := Read(path, Shared, 10); err != nil || string(data) != "x" {
		t.Fatal(data, err)
	}
	// Writing takes the name away from the other file, even with the same bytes.
	if changed, err := Write(path, []byte("x"), Private); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if _, err := Read(path, Private, 10); err != nil {
		t.Fatal(err)
	}
}

func TestFilesInFoldersOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	put(t, path, "x", 0o600)
	for _, mode := range []os.FileMode{0o770, 0o702, 0o1777} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path, Owned, 10)
		refused(t, err, dir)
	}
	if os.Geteuid() != 0 {
		return // only root can give files away
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, 12345, -1); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path, Private, 10)
	refused(t, err, path)
	if err := errors.Join(os.Chown(path, 0, -1), syscall.Chown(dir, 12345, -1)); err != nil {
		t.Fatal(err)
	}
	_, err = Read(path, Private, 10)
	refused(t, err, dir)
}
