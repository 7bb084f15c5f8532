package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

// Blobs is a folder of one's own on this machine.
type Blobs struct {
	Path   string
	Access safefile.Access // of its files
	Disk   safefile.Disk
	Absent string // the remedy where there is no such folder
	// Removable are the files that a change of several ever removes: none that
	// holds a seed.
	Removable []string
	// Notice says what was done unasked; nil: nobody listens.
	Notice func(message string)
}

// Where is the path of a file.
func (b *Blobs) Where(name string) string { return filepath.Join(b.Path, name) }

// present tells a store without keys from one that is not there at all.
func (b *Blobs) present() error {
	info, err := os.Stat(b.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.Unavailable, "there is no key folder %s", b.Path).Because(store.ErrNoPlace).WithHint("%s", b.Absent)
	case err != nil:
		return fault.New(fault.Unavailable, "failed to look at the key folder").Because(err)
	case !info.IsDir():
		return fault.New(fault.Unavailable, "%s is not a folder", b.Path).WithHint("check the path")
	}
	return nil
}

// List gives the names of what is in the folder.
func (b *Blobs) List(context.Context) ([]string, error) {
	if err := b.present(); err != nil {
		return nil, err
	}
	names, err := safefile.Names(b.Path)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "failed to read the key folder").Because(err)
	}
	return names, nil
}

// Read gives what is in a file.
func (b *Blobs) Read(_ context.Context, name string, limit int64) ([]byte, error) {
	data, err := safefile.Read(b.Where(name), b.Access, limit)
	if err != nil {
		if gone := b.present(); gone != nil {
			return nil, gone
		}
	}
	return data, err
}

// Leftovers are what killed runs left in the folder.
func (b *Blobs) Leftovers(context.Context) ([]store.Finding, error) {
	paths, err := safefile.Leftovers(b.Path)
	var findings []store.Finding
	for _, path := range paths {
		findings = append(findings, store.Finding{
			Name: filepath.Base(path), Message: path + " is left of a run that was cut short, and may hold a seed", Remedy: "finish what it began, or remove it",
		})
	}
	return findings, err
}

// Lock locks the folder against other processes.
func (b *Blobs) Lock(ctx context.Context, making bool) (store.BlobSession, error) {
	if making {
		if err := b.Disk.MakeDir(b.Path); err != nil {
			return nil, err
		}
	}
	if err := b.present(); err != nil {
		return nil, err
	}
	held, err := b.Disk.Hold(ctx, b.Path, func(name string) bool { return slices.Contains(b.Removable, name) })
	if err != nil {
		return nil, err
	}
	if how := held.Settled(); how != safefile.NothingToSettle && b.Notice != nil {
		b.Notice(fmt.Sprintf("an earlier change of %s was killed midway; it has been %s", b.Path, how))
	}
	return &session{Blobs: b, held: held}, nil
}

// session is the locked folder.
type session struct {
	*Blobs
	held *safefile.Held
}

func (s *session) Release() { s.held.Release() }

func (s *session) Create(_ context.Context, name string, data []byte) error {
	return s.held.Create(name, data, s.Access)
}

func (s *session) Rename(_ context.Context, from, to string) error {
	return s.held.Rename(from, to)
}

func (s *session) Remove(_ context.Context, name string) error { return s.held.Remove(name) }

func (s *session) Apply(ctx context.Context, changes []store.Change) error {
	set := s.held.Set()
	defer set.Close()
	for _, c := range changes {
		var err error
		if c.Data == nil {
			err = set.Remove(c.Name)
		} else {
			_, err = set.Put(c.Name, c.Data)
		}
		if err != nil {
			return err
		}
	}
	return set.Commit(ctx)
}
