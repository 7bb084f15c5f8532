package store

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// Files are the blobs of a place that hold a seed each, NAME and a suffix.
type Files struct {
	Blobs
	Suffix string
	Limit  int64 // of one, in bytes
}

// File is what a person calls the file of a name.
func (f Files) File(name string) string { return f.Where(name + f.Suffix) }

// Names are those of the files, less the suffix.
func (f Files) Names(ctx context.Context) ([]string, error) {
	all, err := f.List(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range all {
		if name, ok := strings.CutSuffix(file, f.Suffix); ok && !strings.HasPrefix(name, ".") && name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// Entries asks for each file's entry; what cannot be made out is in the error.
func (f Files) Entries(ctx context.Context, entry func(ctx context.Context, name string) (Entry, error)) ([]Entry, error) {
	names, err := f.Names(ctx)
	if err != nil {
		return nil, err
	}
	var found []Entry
	var errs []error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.CheckName(name); err != nil {
			errs = append(errs, err)
			continue
		}
		switch e, err := entry(ctx, name); {
		case err == nil:
			found = append(found, e)
		case !errors.Is(err, ErrNoKey): // else deleted since the place was listed
			errs = append(errs, err)
		}
	}
	return found, errors.Join(errs...)
}

// CheckName reports a file whose name is none for a key.
func (f Files) CheckName(name string) error {
	err := CheckName(name)
	if err == nil {
		return nil
	}
	return fault.New(fault.Usage, "a key file in %s cannot be used", f.Where("")).Because(err).
		WithHint("rename the file: %s", fault.HintOf(err))
}

// Contents is what the file of a name holds, for the caller to clear.
func (f Files) Contents(ctx context.Context, name string) ([]byte, error) {
	data, err := f.Read(ctx, name+f.Suffix, f.Limit)
	switch {
	case Absent(err):
		return nil, ErrNoKey
	case errors.Is(err, safefile.ErrTooLarge):
		return nil, Corrupt(f.File(name), err)
	}
	return data, err
}

// SeedIn reads a seed as a file holds it. One line end is forgiven: editors and
// `nk -gen … > f` leave it.
func (f Files) SeedIn(name string, data []byte) (keys.Seed, error) {
	seed, err := keys.ParseSeed(withoutLineEnd(data), keys.AnyKind)
	if err != nil {
		return keys.Seed{}, Corrupt(f.File(name), err)
	}
	return seed, nil
}

func withoutLineEnd(data []byte) []byte {
	if n := len(data); n > 0 && data[n-1] == '\n' {
		if data = data[:n-1]; n > 1 && data[n-2] == '\r' {
			data = data[:n-2]
		}
	}
	return data
}

// Create makes the file of a name.
func (f Files) Create(ctx context.Context, s BlobSession, name string, data []byte) error {
	err := s.Create(ctx, name+f.Suffix, data)
	if errors.Is(err, fs.ErrExist) { // made just now by something that takes no lock
		return fault.New(fault.Exists, "failed to store %s", name).Because(err).WithHint("choose another name")
	}
	return err
}

// Rename moves the file of a name.
func (f Files) Rename(ctx context.Context, s BlobSession, from, to string) error {
	switch err := s.Rename(ctx, from+f.Suffix, to+f.Suffix); {
	case Absent(err):
		return ErrNoKey
	case errors.Is(err, fs.ErrExist): // as above
		return fault.New(fault.Exists, "failed to rename %s", from).Because(err).WithHint("choose another name")
	default:
		return err
	}
}

// Remove removes the file of a name, and makes sure that it is gone.
func (f Files) Remove(ctx context.Context, s BlobSession, name string) error {
	err := s.Remove(ctx, name+f.Suffix)
	if Absent(err) {
		return ErrNoKey
	}
	if err != nil {
		return err
	}
	back, err := f.Contents(ctx, name)
	clear(back)
	if !errors.Is(err, ErrNoKey) {
		return fault.New(fault.Failed, "%s is still there after it was removed", f.File(name)).Because(err).
			WithHint("see what makes it anew, and remove it by hand")
	}
	return nil
}
