package keystore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/safefile"
)

const (
	journalFile    = ".latch-journal"
	journalVersion = 1
	// journalLimit is room for ten thousand seeds, in bytes.
	journalLimit = 64 << 20
)

// journal is a change of many files that is made as a whole or not at all: once
// it is on the disk, whoever comes next finishes it. It holds nothing in clear.
type journal struct {
	Version int         `json:"version"`
	Changes []rewriting `json:"changes"`
}

// rewriting is one file of the store.
type rewriting struct {
	File   string `json:"file"`
	Data   []byte `json:"data,omitempty"` // base64 in the file
	Remove bool   `json:"remove,omitempty"`
}

// commit writes the journal, after which the change counts as made, and then
// makes it. The store must be locked.
func (d *aged) commit(changes []rewriting) error {
	data, err := json.Marshal(journal{Version: journalVersion, Changes: changes})
	if err != nil {
		return fmt.Errorf("failed to encode the journal: %w", err)
	}
	if len(data) > journalLimit {
		return fmt.Errorf("the store is too large to be changed as a whole, %d bytes", len(data))
	}
	if err := d.disk.Create(d.at(journalFile), data, safefile.Owned); err != nil {
		return err
	}
	return d.finish()
}

// mend finishes what a run that was cut short has begun. The store must be locked.
func (d *aged) mend() error {
	if err := d.finish(); err != nil {
		return err
	}
	return d.forgetStrays()
}

// mendQuietly is for readers, who can also do without: each file opens before
// the change and after it.
func (d *aged) mendQuietly(ctx context.Context) {
	if begun, err := d.begun(); err != nil || !begun {
		return
	}
	if release, err := d.lock(ctx, false); err == nil {
		release()
	}
}

// begun reports whether a change waits to be finished.
func (d *aged) begun() (bool, error) {
	_, err := safefile.Read(d.at(journalFile), safefile.Owned, journalLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d *aged) finish() error {
	data, err := safefile.Read(d.at(journalFile), safefile.Owned, journalLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	changes, err := parseJournal(data)
	if err != nil {
		return &fault{
			kind:    ErrCorrupt,
			message: d.at(journalFile) + " is not a journal that this latch can finish",
			hint:    "every seed is still in its file; move the journal away, then: latch keystore check",
			cause:   err,
		}
	}
	for _, c := range changes {
		if err := d.make(c); err != nil {
			return fmt.Errorf("failed to finish a change of the whole store, the next run goes on with it: %w", err)
		}
	}
	return d.disk.Remove(d.at(journalFile))
}

func (d *aged) make(c rewriting) error {
	if c.Remove {
		if err := d.disk.Remove(d.at(c.File)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	_, err := d.disk.Write(d.at(c.File), c.Data, safefile.Owned)
	return err
}

// parseJournal is strict: half a change would be worse than none.
func parseJournal(data []byte) ([]rewriting, error) {
	var j journal
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&j); err != nil {
		return nil, errors.New("it is malformed")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	if j.Version != journalVersion {
		return nil, fmt.Errorf("its version is %d, this latch knows %d", j.Version, journalVersion)
	}
	for _, c := range j.Changes {
		if !journaled(c.File) || c.Remove == (len(c.Data) > 0) {
			return nil, errors.New("it changes what is no file of a store")
		}
	}
	return j.Changes, nil
}

// journaled reports whether a file is one that a journal may change.
func journaled(file string) bool {
	name, sealed := strings.CutSuffix(file, agedSuffix)
	return file == recipientsFile || file == proofFile || sealed && CheckName(name) == nil
}
