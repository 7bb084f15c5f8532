package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	seedSuffix = ".nk"
	// seedLimit is more than any file with one seed has, in bytes.
	seedLimit = 1024
)

// dir keeps each seed as a plain file, NAME.nk, as wash and nsc do: 58
// characters and no line end.
type dir struct{ path string }

func (d *dir) file(name string) string { return filepath.Join(d.path, name+seedSuffix) }

func (d *dir) lock(ctx context.Context, making bool) (func(), error) {
	if making {
		if err := safefile.MakeDir(d.path); err != nil {
			return nil, err
		}
	} else if err := d.present(); err != nil {
		return nil, err
	}
	return safefile.Lock(ctx, filepath.Join(d.path, ".latch"))
}

// present tells a store without keys from one that is not there at all.
func (d *dir) present() error {
	info, err := os.Stat(d.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &fault{
			kind:    ErrUnavailable,
			message: "there is no key folder " + d.path,
			cause:   fs.ErrNotExist, // a caller about to store the first key takes it for an empty store
			hint:    "check the path; the folder is made when the first key is stored: latch keys gen cluster --name NAME",
		}
	case err != nil:
		return &fault{kind: ErrUnavailable, message: "failed to look at the key folder", cause: err}
	case !info.IsDir():
		return &fault{kind: ErrUnavailable, message: fmt.Sprintf("%s is not a folder", d.path), hint: "check the path"}
	}
	return nil
}

func (d *dir) names(context.Context) ([]string, error) {
	if err := d.present(); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(d.path)
	if err != nil {
		return nil, &fault{kind: ErrUnavailable, message: "failed to read the key folder", cause: err}
	}
	var names []string
	for _, file := range files {
		if name, ok := strings.CutSuffix(file.Name(), seedSuffix); ok && !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	return names, nil
}

func (d *dir) list(ctx context.Context) ([]Entry, error) {
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	var errs []error
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch entry, err := d.entry(name); {
		case err == nil:
			entries = append(entries, entry)
		case !errors.Is(err, ErrNotFound): // else deleted since the folder was read
			errs = append(errs, err)
		}
	}
	return entries, errors.Join(errs...)
}

func (d *dir) entry(name string) (Entry, error) {
	if err := CheckName(name); err != nil {
		return Entry{}, &fault{
			kind:    ErrName,
			message: "a key file in " + d.path + " cannot be used",
			hint:    "rename the file: " + nameRule,
			cause:   err,
		}
	}
	seed, err := d.readFile(name)
	if err != nil {
		return Entry{}, err
	}
	defer seed.Wipe()
	return Entry{Name: name, PublicKey: seed.PublicKey()}, nil
}

func (d *dir) read(_ context.Context, name string) (keys.Seed, error) {
	if err := d.present(); err != nil {
		return keys.Seed{}, err
	}
	return d.readFile(name)
}

func (d *dir) readFile(name string) (keys.Seed, error) {
	data, err := safefile.Read(d.file(name), safefile.Private, seedLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return keys.Seed{}, ErrNotFound
	case errors.Is(err, safefile.ErrTooLarge):
		return keys.Seed{}, corrupt(d.file(name), err)
	case err != nil:
		return keys.Seed{}, err
	}
	defer clear(data)
	seed, err := keys.ParseSeed(withoutLineEnd(data), keys.AnyKind)
	if err != nil {
		return keys.Seed{}, corrupt(d.file(name), err)
	}
	return seed, nil
}

// withoutLineEnd forgives one line end: editors and `nk -gen … > f` leave it.
func withoutLineEnd(data []byte) []byte {
	line, ended := bytes.CutSuffix(data, []byte("\n"))
	if !ended {
		return data
	}
	return bytes.TrimSuffix(line, []byte("\r"))
}

func (d *dir) write(_ context.Context, name string, seed keys.Seed) error {
	text := seed.Reveal()
	defer clear(text)
	switch err := safefile.Create(d.file(name), text, safefile.Private); {
	case errors.Is(err, fs.ErrExist): // made just now by something that takes no lock
		return &fault{kind: ErrExists, message: "failed to store " + name, cause: err}
	case err != nil:
		return err
	}
	got, err := d.readFile(name)
	return confirm(d.file(name), got, err, seed.PublicKey())
}

func (d *dir) rename(_ context.Context, from, to string) error {
	switch err := safefile.Rename(d.file(from), d.file(to), safefile.Private); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound
	case errors.Is(err, fs.ErrExist): // made just now by something that takes no lock
		return &fault{kind: ErrExists, message: "failed to rename " + from, cause: err}
	default:
		return err
	}
}

func (d *dir) remove(_ context.Context, name string) error {
	if err := safefile.Remove(d.file(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return ErrNotFound
}
