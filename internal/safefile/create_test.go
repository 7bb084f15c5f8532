package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

func TestCreateNeverReplaces(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	if err := Create(path, []byte("first"), Private); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"second", "first"} {
		if err := Create(path, []byte(data), Private); !errors.Is(err, fs.ErrExist) {
			t.Fatalf("error is %v", err)
		}
	}
	has(t, path, "first", 0o600)
	holdsOnly(t, dir, "f")
}

func TestOneOfManyCreatesWins(t *testing.T) {
	t.Parallel()
	const racers = 64
	dir := own(t)
	path := filepath.Join(dir, "f")
	var won atomic.Int64
	var winner atomic.Value
	var wait sync.WaitGroup
	for i := range racers {
		wait.Go(func() {
			data := fmt.Sprint("racer ", i)
			switch err := Create(path, []byte(data), Private); {
			case err == nil:
				won.Add(1)
				winner.Store(data)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d of %d won", won.Load(), racers)
	}
	has(t, path, winner.Load().(string), 0o600)
	holdsOnly(t, dir, "f")
}

func TestCreateWithoutLinks(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{syscall.EPERM, syscall.ENOSYS, errors.ErrUnsupported} {
		dir := own(t)
		path := filepath.Join(dir, "f")
		noLinks := Disk{before: func(s step, path string) error {
			if s == stepLink {
				return &os.LinkError{Op: "link", Old: path, New: path, Err: cause}
			}
			return nil
		}}
		if err := noLinks.Create(path, []byte("first"), Private); err != nil {
			t.Fatal(err)
		}
		if err := noLinks.Create(path, []byte("second"), Private); !errors.Is(err, fs.ErrExist) {
			t.Fatalf("error is %v", err)
		}
		has(t, path, "first", 0o600)
		holdsOnly(t, dir, "f")
	}
}

// A name taken between the look and the rename must be seen, too.
func TestCreateWithoutLinksLooksAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	late := Disk{before: func(s step, _ string) error {
		if s != stepLink {
			return nil
		}
		put(t, path, "theirs", 0o600)
		return syscall.EPERM
	}}
	if err := late.Create(path, []byte("ours"), Private); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("error is %v", err)
	}
	has(t, path, "theirs", 0o600)
}

func TestCreateByLeavesNothingWhereWritingFails(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	broken := errors.New("the source has failed")
	err := CreateBy(path, Private, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("error is %v", err)
	}
	holdsOnly(t, dir)
	err = CreateBy(path, Private, func(w io.Writer) error {
		for range 1000 {
			if _, err := io.WriteString(w, "line\n"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	has(t, path, strings.Repeat("line\n", 1000), 0o600)
	if err := CreateBy(path, Private, func(io.Writer) error { t.Error("it writes though the name is taken"); return nil }); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("error is %v", err)
	}
}
