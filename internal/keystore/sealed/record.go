package sealed

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const (
	recordSuffix = ".pub"
	recordLimit  = 256 // bytes
	// What is public of a seed that is about to be stored, or removed, waits
	// under a name that nobody else gives a file. Only such files are ever tidied
	// away: a NAME.pub without a seed may be somebody's own.
	comingPrefix = ".latch-new-"
	goingPrefix  = ".latch-old-"
)

// record is what may be known of a seed without opening it: one line with the
// public key and when it was stored.
type record struct {
	PublicKey keys.PublicKey
	Created   time.Time
}

func (r record) encode() []byte {
	if r.Created.IsZero() {
		return []byte(r.PublicKey.String() + "\n")
	}
	return []byte(r.PublicKey.String() + " " + r.Created.UTC().Format(time.RFC3339) + "\n")
}

func parseRecord(data []byte) (record, error) {
	line := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	text, date, dated := strings.Cut(line, " ")
	public, err := keys.ParsePublicKey(text, keys.AnyKind)
	if err != nil {
		return record{}, err
	}
	r := record{PublicKey: public}
	if dated {
		created, err := time.Parse(time.RFC3339, date)
		if err != nil || created.IsZero() {
			return record{}, errors.New("what follows the public key is no time")
		}
		r.Created = created.UTC()
	}
	return r, nil
}

// record is what lies beside the file of a name: fs.ErrNotExist where nothing
// does, under none of its names. The first is looked at again, since somebody may have
// given it to what was announced meanwhile.
func (m *medium) record(ctx context.Context, name string) (record, error) {
	var missing error
	for _, prefix := range []string{"", comingPrefix, goingPrefix, ""} {
		file := prefix + name + recordSuffix
		data, err := m.Blobs.Read(ctx, file, recordLimit)
		if store.Absent(err) {
			missing = err
			continue
		}
		if err != nil {
			return record{}, err
		}
		r, err := parseRecord(data)
		if err != nil {
			return record{}, m.noRecord(name, file, err)
		}
		return r, nil
	}
	return record{}, missing
}

func (m *medium) noRecord(name, file string, cause error) error {
	return store.Damaged(fault.New(fault.Failed, "%s does not hold a public key", m.Where(file)).Because(cause).
		WithHint("the seed is in %s; have what is public made anew: latch keys list --repair", m.File(name)))
}
