package keystore

import (
	"bytes"
	"context"

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
type dir struct{ files }

func newDir(path string, deps Deps) *dir {
	return &dir{files{
		path: path, suffix: seedSuffix, disk: deps.Disk,
		absent: "check the path; the folder is made when the first key is stored: latch keys gen cluster --name NAME",
	}}
}

func (d *dir) lock(ctx context.Context, making bool) (func(), error) {
	if making {
		if err := d.disk.MakeDir(d.path); err != nil {
			return nil, err
		}
	}
	return d.hold(ctx)
}

func (d *dir) list(ctx context.Context) ([]Entry, error) { return d.entries(ctx, d.entry) }

func (d *dir) entry(_ context.Context, name string) (Entry, error) {
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
	data, err := d.contents(name, safefile.Private, seedLimit)
	if err != nil {
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
	if err := d.create(name, text, safefile.Private); err != nil {
		return err
	}
	got, err := d.readFile(name)
	return confirm(d.file(name), got, err, seed.PublicKey())
}

func (d *dir) rename(_ context.Context, from, to string) error { return d.move(from, to) }

func (d *dir) remove(_ context.Context, name string) error { return d.drop(name) }
