//go:build unix

package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// Secrets as people hand them over are read, and what somebody else could have
// put there is not.
func TestReadHanded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  func(t *testing.T, dir, path string)
		fine bool
	}{
		"a private file":          {func(*testing.T, string, string) {}, true},
		"a link of our own":       {func(t *testing.T, dir, path string) { relinkTo(t, path, filepath.Join(dir, "aim")) }, true},
		"as Kubernetes mounts it": {asKubernetes, true},
		"0444, ours":              {func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o444)) }, true},
		"0440, ours":              {func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o440)) }, true},
		"0400, ours":              {func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o400)) }, true},
		"0644":                    {func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o644)) }, false},
		"0666":                    {func(t *testing.T, _, path string) { must(t, os.Chmod(path, 0o666)) }, false},
		"a second name":           {func(t *testing.T, _, path string) { must(t, os.Link(path, path+"2")) }, false},
		"a folder others write":   {func(t *testing.T, dir, _ string) { must(t, os.Chmod(dir, 0o777)) }, false},
		"a folder":                {func(t *testing.T, _, path string) { must(t, os.Remove(path)); must(t, os.Mkdir(path, 0o700)) }, false},
		"another's link":          {othersLink, false},
		"another's folder":        {func(t *testing.T, dir, _ string) { give(t, dir) }, false},
		"another's file":          {func(t *testing.T, _, path string) { give(t, path) }, false},
		"below another's folder":  {func(t *testing.T, dir, _ string) { give(t, filepath.Dir(dir)) }, false},
		"a pipe others write": {func(t *testing.T, _, path string) {
			must(t, os.Remove(path))
			must(t, syscall.Mkfifo(path, 0o600))
			must(t, os.Chmod(path, 0o622))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(own(t), "d")
			must(t, os.Mkdir(dir, 0o700))
			path := filepath.Join(dir, "secret")
			put(t, path, "secret", 0o600)
			c.set(t, dir, path)
			data, err := ReadHanded(t.Context(), path, 100)
			if c.fine && (err != nil || string(data) != "secret") {
				t.Errorf("%q, %v", data, err)
			}
			if !c.fine && (!fault.Is(err, fault.Refused) || fault.HintOf(err) == "") {
				t.Errorf("%q, %v", data, err)
			}
		})
	}
}

func relinkTo(t *testing.T, path, aim string) {
	t.Helper()
	must(t, os.Rename(path, aim))
	must(t, os.Symlink(aim, path))
}

// asKubernetes makes of a file what a mounted secret looks like.
func asKubernetes(t *testing.T, dir, path string) {
	t.Helper()
	must(t, os.Mkdir(filepath.Join(dir, "..2026"), 0o700))
	must(t, os.Rename(path, filepath.Join(dir, "..2026", "secret")))
	must(t, os.Symlink("..2026", filepath.Join(dir, "..data")))
	must(t, os.Symlink("..data/secret", path))
}

func give(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can give files away")
	}
	must(t, os.Lchown(path, 12345, 12345))
}

func othersLink(t *testing.T, dir, path string) {
	t.Helper()
	relinkTo(t, path, filepath.Join(dir, "aim"))
	give(t, path)
}

// Pipes and descriptors are read to their end; one that nobody writes to is left
// when the context ends.
func TestReadHandedFromPipes(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	must(t, err)
	defer func() { _ = read.Close() }()
	_, err = write.WriteString("secret")
	must(t, errors.Join(err, write.Close()))
	path := fmt.Sprintf("/dev/fd/%d", read.Fd())
	if data, err := ReadHanded(t.Context(), path, 100); err != nil || string(data) != "secret" {
		t.Fatalf("%q, %v", data, err)
	}
	fifo := filepath.Join(own(t), "fifo")
	must(t, syscall.Mkfifo(fifo, 0o600))
	go func() {
		if w, err := os.OpenFile(fifo, os.O_WRONLY, 0); err == nil {
			_, _ = w.WriteString("secret")
			_ = w.Close()
		}
	}()
	if data, err := ReadHanded(t.Context(), fifo, 100); err != nil || string(data) != "secret" {
		t.Fatalf("%q, %v", data, err)
	}
	for name, writer := range map[string]bool{"no writer": false, "a silent writer": true} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := ReadHanded(ctx, fifo, 100)
			ended <- err
		}()
		if writer {
			w, err := os.OpenFile(fifo, os.O_WRONLY, 0)
			must(t, err)
			defer func() { _ = w.Close() }()
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if w, err := os.OpenFile(fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil { // lets go who still opens it
			_ = w.Close()
		}
	}
	if _, err := ReadHanded(t.Context(), path, 100); err == nil {
		t.Log("the pipe was read before: it is empty now")
	}
}

func TestReadHandedIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "secret")
	put(t, path, "0123456789", 0o600)
	if data, err := ReadHanded(t.Context(), path, 9); !errors.Is(err, ErrTooLarge) || data != nil {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := ReadHanded(t.Context(), path, 10); err != nil || len(data) != 10 {
		t.Errorf("%q, %v", data, err)
	}
}

// A descriptor that we were handed is not passed on.
func TestCloseOnExec(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	must(t, err)
	defer func() { _, _ = read.Close(), write.Close() }()
	fd, err := syscall.Dup(int(read.Fd())) // what dup gives is inherited
	must(t, err)
	defer func() { _ = syscall.Close(fd) }()
	number, is := system.DescriptorIn(fmt.Sprintf("/dev/fd/%d", fd))
	if !is || number != fd {
		t.Fatal(number, is)
	}
	system.CloseOnExec(number)
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Error(flags, err)
	}
	for _, path := range []string{"/dev/fd/", "/dev/fd/x", "/dev/fd/-1", "/dev/fd/1/2", "fd/3", ""} {
		if fd, is := system.DescriptorIn(path); is {
			t.Errorf("%q is descriptor %d", path, fd)
		}
	}
}
