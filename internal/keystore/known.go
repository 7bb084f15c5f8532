package keystore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	knownSuffix = ".pub"
	knownLimit  = 256 // bytes
)

// known is what may be known of a seed without opening it: one line with the
// public key and when it was stored.
type known struct {
	PublicKey keys.PublicKey
	Created   time.Time
}

func (k known) encode() []byte {
	if k.Created.IsZero() {
		return []byte(k.PublicKey.String() + "\n")
	}
	return []byte(k.PublicKey.String() + " " + k.Created.UTC().Format(time.RFC3339) + "\n")
}

func parseKnown(data []byte) (known, error) {
	line := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	text, date, dated := strings.Cut(line, " ")
	public, err := keys.ParsePublicKey(text, keys.AnyKind)
	if err != nil {
		return known{}, err
	}
	k := known{PublicKey: public}
	if dated {
		created, err := time.Parse(time.RFC3339, date)
		if err != nil || created.IsZero() {
			return known{}, errors.New("what follows the public key is no time")
		}
		k.Created = created.UTC()
	}
	return k, nil
}

func (f *files) knownFile(name string) string { return f.at(name + knownSuffix) }

// known is what lies beside the file of a name: fs.ErrNotExist where nothing does.
func (f *files) known(name string) (known, error) {
	data, err := safefile.Read(f.knownFile(name), safefile.Owned, knownLimit)
	if err != nil {
		return known{}, err
	}
	k, err := parseKnown(data)
	if err != nil {
		return known{}, &fault{
			kind:    ErrCorrupt,
			message: f.knownFile(name) + " does not hold a public key",
			hint:    "the seed is in " + f.file(name) + "; have what is public made anew: latch keys list --repair",
			cause:   err,
		}
	}
	return k, nil
}

func (f *files) tell(name string, k known) error {
	_, err := f.disk.Write(f.knownFile(name), k.encode(), safefile.Owned)
	return err
}

// hush removes what lies beside, if it is there.
func (f *files) hush(name string) error {
	if err := f.disk.Remove(f.knownFile(name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// hushStray is hush where no seed has the name: what failed may have put it
// there all the same.
func (f *files) hushStray(name string) error {
	if _, err := os.Lstat(f.file(name)); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.hush(name)
}

// strays are the names that something is known of and that have no seed: what a
// run that was cut short left. Files that latch did not write are none.
func (f *files) strays() ([]string, error) {
	names, err := f.namesWith(knownSuffix)
	if err != nil {
		return nil, err
	}
	taken, err := f.namesWith(f.suffix)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, name := range taken {
		has[name] = true
	}
	var strays []string
	for _, name := range names {
		if has[name] || CheckName(name) != nil {
			continue
		}
		if _, err := f.known(name); err == nil {
			strays = append(strays, name)
		}
	}
	return strays, nil
}

// forgetStrays removes them.
func (f *files) forgetStrays() error {
	names, err := f.strays()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := f.hush(name); err != nil {
			return fmt.Errorf("failed to tidy up after a run that was cut short: %w", err)
		}
	}
	return nil
}
