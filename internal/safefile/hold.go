package safefile

import (
	"context"
	"errors"
	"path/filepath"
)

// Held is a folder whose lock is held: nobody else who asks for it changes what
// is in there until it is released.
type Held struct {
	folder  *folder
	settled Settled
	release func()
}

// Hold locks a folder for Private files, which must exist, waiting as Lock does,
// and settles what a killed process left of a Set. removable tells which files a
// Set of this folder ever removes, so that a journal that says otherwise is not
// believed; nil: any.
func (d Disk) Hold(ctx context.Context, dir string, removable func(name string) bool) (*Held, error) {
	f, err := d.openFolder(filepath.Clean(dir), Private)
	if err != nil {
		return nil, err
	}
	release, err := Lock(ctx, filepath.Join(f.path, setFolder))
	if err != nil {
		f.close()
		return nil, err
	}
	f.removable = removable
	h := &Held{folder: f, release: release}
	if h.settled, err = f.settle(); err != nil {
		h.Release()
		return nil, err
	}
	return h, nil
}

// Settled says what Hold found left by a killed process.
func (h *Held) Settled() Settled { return h.settled }

// Create is Create of a file in the folder.
func (h *Held) Create(name string, data []byte, access Access) error {
	if err := h.names(name); err != nil {
		return err
	}
	return h.folder.create(name, data, access)
}

// Rename is Rename of a file in the folder.
func (h *Held) Rename(from, to string) error {
	if err := errors.Join(h.names(from), h.names(to)); err != nil {
		return err
	}
	return h.folder.rename(from, to)
}

// Remove is Remove of a file in the folder.
func (h *Held) Remove(name string) error {
	if err := h.names(name); err != nil {
		return err
	}
	return h.folder.remove(name)
}

// names refuses what does not name a file of the folder.
func (h *Held) names(name string) error {
	path := filepath.Join(h.folder.path, name)
	if _, base, err := split(path); err != nil || base != name {
		return failed("use", path, errors.New("this does not name a file of the folder"))
	}
	return nil
}

// Set begins a change of the folder. Close it before the next one begins.
func (h *Held) Set() *Set {
	return &Set{folder: h.folder, end: func() {}, named: map[string]bool{}, settled: h.settled}
}

// Release ends the hold.
func (h *Held) Release() {
	h.release()
	h.folder.close()
}
