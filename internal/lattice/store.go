package lattice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// Load reads a manifest from its file. A file that is not there matches
// fs.ErrNotExist, a text that is no manifest is Errors.
func Load(path string) (*Document, error) {
	text, err := safefile.Read(path, safefile.Shared, sizeLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no manifest at %s", path).Like(fs.ErrNotExist).
			WithHint("make one: latch lattice init; or name another: --manifest FILE")
	}
	if err != nil {
		return nil, fmt.Errorf("failed to read the manifest: %w", err)
	}
	return Decode(path, text)
}

// Save writes the document to its file, in one step and under a lock. It refuses
// if the file is no longer what was loaded; a document from
// New replaces no file: one that is there matches fs.ErrExist. To edit further
// after Save, load the file again.
func (d *Document) Save(ctx context.Context) error {
	release, err := safefile.Lock(ctx, d.path)
	if err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	defer release()
	if d.loaded == nil {
		return d.create()
	}
	now, err := safefile.Read(d.path, safefile.Shared, sizeLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, safefile.ErrTooLarge) {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	if err != nil || !bytes.Equal(now, d.loaded) {
		return fault.New(fault.Refused, "%s has changed since it was read", d.path).
			WithHint("nothing was saved: look at the file, then run the command again")
	}
	if _, err := safefile.Write(d.path, d.yaml.Bytes(), safefile.Shared); err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	return nil
}

func (d *Document) create() error {
	err := safefile.Create(d.path, d.yaml.Bytes(), safefile.Shared)
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Exists, "there is a manifest at %s already", d.path).Like(fs.ErrExist).
			WithHint("move it away, or name another: --manifest FILE")
	}
	if err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	return nil
}
