package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/safefile"
)

// errNoFolder matches fs.ErrNotExist, so that who is about to store the first
// key can take it for an empty store.
var errNoFolder error = &fault{kind: fs.ErrNotExist, message: "it does not exist"}

// files is a folder with one file for each seed, NAME and a suffix.
type files struct {
	path   string
	suffix string
	disk   safefile.Disk
	absent string // the remedy where there is no such folder
}

func (f *files) file(name string) string { return filepath.Join(f.path, name+f.suffix) }

// hold locks the folder against other processes.
func (f *files) hold(ctx context.Context) (func(), error) {
	if err := f.present(); err != nil {
		return nil, err
	}
	return safefile.Lock(ctx, filepath.Join(f.path, ".latch"))
}

// present tells a store without keys from one that is not there at all.
func (f *files) present() error {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &fault{
			kind:    ErrUnavailable,
			message: "there is no key folder " + f.path,
			cause:   errNoFolder,
			hint:    f.absent,
		}
	case err != nil:
		return &fault{kind: ErrUnavailable, message: "failed to look at the key folder", cause: err}
	case !info.IsDir():
		return &fault{kind: ErrUnavailable, message: fmt.Sprintf("%s is not a folder", f.path), hint: "check the path"}
	}
	return nil
}

func (f *files) names(context.Context) ([]string, error) { return f.namesWith(f.suffix) }

// namesWith are the names in the folder that have the suffix, less the suffix.
func (f *files) namesWith(suffix string) ([]string, error) {
	if err := f.present(); err != nil {
		return nil, err
	}
	all, err := os.ReadDir(f.path)
	if err != nil {
		return nil, &fault{kind: ErrUnavailable, message: "failed to read the key folder", cause: err}
	}
	var names []string
	for _, file := range all {
		if name, ok := strings.CutSuffix(file.Name(), suffix); ok && !strings.HasPrefix(name, ".") && name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}

// entries asks for each file's entry; what cannot be made out is in the error.
func (f *files) entries(ctx context.Context, entry func(context.Context, string) (Entry, error)) ([]Entry, error) {
	names, err := f.namesWith(f.suffix)
	if err != nil {
		return nil, err
	}
	var found []Entry
	var errs []error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.fits(name); err != nil {
			errs = append(errs, err)
			continue
		}
		switch e, err := entry(ctx, name); {
		case err == nil:
			found = append(found, e)
		case !errors.Is(err, ErrNotFound): // else deleted since the folder was read
			errs = append(errs, err)
		}
	}
	return found, errors.Join(errs...)
}

// fits reports a file whose name is none for a key.
func (f *files) fits(name string) error {
	if err := CheckName(name); err != nil {
		return &fault{
			kind:    ErrName,
			message: "a key file in " + f.path + " cannot be used",
			hint:    "rename the file: " + nameRule,
			cause:   err,
		}
	}
	return nil
}

// contents is what the file of a name holds, for the caller to clear.
func (f *files) contents(name string, access safefile.Access, limit int64) ([]byte, error) {
	data, err := safefile.Read(f.file(name), access, limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case errors.Is(err, safefile.ErrTooLarge):
		return nil, corrupt(f.file(name), err)
	}
	return data, err
}

func (f *files) create(name string, data []byte, access safefile.Access) error {
	err := f.disk.Create(f.file(name), data, access)
	if errors.Is(err, fs.ErrExist) { // made just now by something that takes no lock
		return &fault{kind: ErrExists, message: "failed to store " + name, cause: err, hint: "choose another name"}
	}
	return err
}

func (f *files) move(from, to string) error {
	switch err := f.disk.Rename(f.file(from), f.file(to), safefile.Private); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	case errors.Is(err, fs.ErrExist): // as above
		return &fault{kind: ErrExists, message: "failed to rename " + from, cause: err, hint: "choose another name"}
	default:
		return err
	}
}

func (f *files) drop(name string) error {
	if err := f.disk.Remove(f.file(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return ErrNotFound
}
