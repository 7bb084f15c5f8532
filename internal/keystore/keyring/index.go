package keyring

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	indexVersion = 1
	// indexLimit is room for some ten thousand keys, in bytes.
	indexLimit = 4 << 20
)

// index is the file that knows which names the keyring holds. It has no
// secrets; it is private so that nobody can exchange a public key in it.
type index struct {
	dir  string
	disk safefile.Disk
}

func (x *index) path() string { return filepath.Join(x.dir, "keyring.json") }

type indexFile struct {
	Version int     `json:"version"`
	Keys    records `json:"keys"`
}

func (x *index) lock(ctx context.Context) (func(), error) {
	if x.dir == "" {
		return nil, errNoIndexDir()
	}
	if err := x.disk.MakeDir(x.dir); err != nil {
		return nil, err
	}
	return safefile.Lock(ctx, x.path())
}

func errNoIndexDir() error {
	return fault.New(fault.Unavailable,
		"there is no folder for the keyring's index, since neither HOME nor XDG_DATA_HOME is set").
		WithHint("set HOME, or use files instead: --keystore dir:DIR")
}

// load gives the records; none where there is no index yet.
func (x *index) load() (records, error) {
	records, err := x.read()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return records, err
}

// read is load, with fs.ErrNotExist where there is no index.
func (x *index) read() (records, error) {
	if x.dir == "" {
		return nil, errNoIndexDir()
	}
	data, err := safefile.Read(x.path(), safefile.Private, indexLimit)
	if err != nil {
		return nil, err
	}
	found, err := parseIndex(data)
	if err != nil {
		return nil, store.Damaged(fault.New(fault.Failed, "the keyring's index %s cannot be read", x.path()).Because(err).
			WithHint("the seeds are still in the keyring: mend the file by hand or restore it from a backup; only if it is beyond help move it away"))
	}
	return found, nil
}

func (x *index) save(rs records) error {
	data, err := encodeIndex(rs)
	if err != nil {
		return err
	}
	_, err = x.disk.Write(x.path(), data, safefile.Private)
	return err
}

func encodeIndex(rs records) ([]byte, error) {
	data, err := json.MarshalIndent(indexFile{Version: indexVersion, Keys: rs.sorted()}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("failed to encode the keyring's index: %w", err)
	}
	return append(data, '\n'), nil
}

// parseIndex is strict: an index that is not wholly understood is an error,
// since writing it back would lose the rest.
func parseIndex(data []byte) (records, error) {
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, err
	}
	if version.Version != indexVersion {
		return nil, fmt.Errorf("its version is %d, this latch knows %d", version.Version, indexVersion)
	}
	var file indexFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	return file.Keys, file.Keys.check()
}
