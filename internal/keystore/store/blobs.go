package store

import (
	"context"
	"errors"
	"io/fs"
)

// Blobs is a place that keeps small files by name: a folder, a bucket. What is
// in them is not its business.
type Blobs interface {
	// Where is what a person calls a blob: its path. Of "" it is the place.
	Where(name string) string
	// List gives the names of all blobs. A place that is not there, or out of
	// reach, is fault.Unavailable and never looks like an empty one.
	List(ctx context.Context) ([]string, error)
	// Read gives what is in a blob, for the caller to clear: fs.ErrNotExist
	// where there is none, safefile.ErrTooLarge where there are more bytes.
	Read(ctx context.Context, name string, limit int64) ([]byte, error)
	// Leftovers are what runs that were cut short left: changes half made, and
	// what may hold seeds in clear.
	Leftovers(ctx context.Context) ([]Finding, error)
	// Lock keeps others from changing the place until the session is released,
	// and settles what was left. making: make the place where it is missing.
	Lock(ctx context.Context, making bool) (BlobSession, error)
}

// BlobSession is a locked place, and what may be done to it only while it is.
// Each method makes its change whole or not at all.
type BlobSession interface {
	// Create makes a blob under a new name: fs.ErrExist where it is taken.
	Create(ctx context.Context, name string, data []byte) error
	// Apply makes several changes, all or none.
	Apply(ctx context.Context, changes []Change) error
	// Rename never replaces: fs.ErrExist where the new name is taken.
	Rename(ctx context.Context, from, to string) error
	// Remove removes a blob: fs.ErrNotExist where there is none.
	Remove(ctx context.Context, name string) error
	Release()
}

// Change is what is to become of one blob: it gets the data, or goes where there
// is none.
type Change struct {
	Name string
	Data []byte
}

// Absent reports that a place has no such blob. That the place itself is not
// there is something else.
func Absent(err error) bool { return errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrNoPlace) }
