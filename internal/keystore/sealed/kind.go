package sealed

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// kindFile says what kind of store this is, so that none becomes another by a
// file that somebody adds or takes away.
const (
	kindFile   = ".latch-store"
	kindHeader = "latch sealed store 1: "
	kindLimit  = 256 // bytes
)

// kind is how all seeds of a store are sealed.
type kind string

const (
	unsettled     kind = "" // files that age made, and nothing says whom for
	forRecipients kind = "recipients"
	forPassphrase kind = "passphrase"
)

func (k kind) encode() []byte { return []byte(kindHeader + string(k) + "\n") }

func kindOf(passphrase bool) kind {
	if passphrase {
		return forPassphrase
	}
	return forRecipients
}

// recorded is what the store says that it is, unsettled where it says nothing: a
// store of an earlier latch.
func (m *medium) recorded(ctx context.Context) (kind, error) {
	data, err := m.Blobs.Read(ctx, kindFile, kindLimit)
	if store.Absent(err) {
		return unsettled, nil
	}
	if err != nil {
		return unsettled, err
	}
	text, ours := strings.CutPrefix(strings.TrimRight(string(data), "\r\n"), kindHeader)
	if k := kind(text); ours && (k == forRecipients || k == forPassphrase) {
		return k, nil
	}
	return unsettled, store.Damaged(fault.New(fault.Failed, "%s does not say what kind of keystore this is", m.Where(kindFile)).
		WithHint("restore it from a backup, or from git"))
}

// kind is that of the store. fault.Refused where it has the marks of two kinds,
// or not those of the one that it says it is.
func (m *medium) kind(ctx context.Context) (kind, error) {
	said, err := m.recorded(ctx)
	if err != nil {
		return unsettled, err
	}
	switch {
	case said == forRecipients && m.has(ctx, ProofFile):
		return unsettled, m.strange(ctx, ProofFile, "it is for recipients")
	case said == forRecipients:
		return said, nil
	}
	list, proven := m.has(ctx, recipientsFile), said == forPassphrase || m.has(ctx, ProofFile)
	switch {
	case list && proven:
		return unsettled, m.strange(ctx, recipientsFile, "it is for a passphrase")
	case list:
		return forRecipients, nil
	case proven:
		return forPassphrase, nil
	}
	return unsettled, nil
}

// has reports whether something has the name, be it what cannot be read.
func (m *medium) has(ctx context.Context, file string) bool {
	data, err := m.Blobs.Read(ctx, file, recipientsLimit)
	clear(data)
	return !errors.Is(err, fs.ErrNotExist)
}

func (m *medium) strange(ctx context.Context, file, since string) error {
	return fault.New(fault.Refused, "%s does not belong in the keystore %s: %s", m.Where(file), m.Where(""), since).
		WithHint("%s", m.unlessCutShort(ctx, "find out who put it there, then remove it; to give a keystore recipients instead of a passphrase: latch keystore recipients add"))
}

// unlessCutShort is what to do about what does not belong in a store, where it is not half
// of a change that a killed run has begun.
func (m *medium) unlessCutShort(ctx context.Context, otherwise string) string {
	if left, err := m.Blobs.Leftovers(ctx); err == nil && len(left) > 0 {
		return "a change of the keystore was cut short; finish it: latch keys list --repair"
	}
	return otherwise
}

// fits makes sure that a file is sealed as the seeds of the store are.
func (m *medium) fits(ctx context.Context, name string, sealed []byte, want kind) error {
	_, passphrase, err := agefile.Openers(sealed)
	if err != nil || want == unsettled || kindOf(passphrase) == want {
		return nil //nolint:nilerr // what is damaged says so when it is opened
	}
	how := "to recipients, and the keystore is for a passphrase"
	if passphrase {
		how = "with a passphrase, and the keystore is for recipients"
	}
	return store.Damaged(fault.New(fault.Refused, "%s is sealed %s", m.File(name), how).
		WithHint("%s", m.unlessCutShort(ctx, "find out who put it there; if it is yours, open it with age -d and store it anew: latch keys import")))
}

// settleKind makes sure, once, that all seeds are of the store's kind before one
// is added, and records the kind where an earlier latch did not.
func (s *session) settleKind(ctx context.Context) error {
	if s.settled {
		return nil
	}
	want, err := s.kind(ctx)
	if err != nil {
		return err
	}
	names, err := s.Names(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		sealed, err := s.Contents(ctx, name)
		if errors.Is(err, store.ErrNoKey) || errors.Is(err, store.ErrCorrupt) {
			continue // each says so itself
		}
		if err == nil {
			err = s.fits(ctx, name, sealed, want)
		}
		if err != nil {
			return err
		}
	}
	if said, err := s.recorded(ctx); err != nil || said == unsettled && want != unsettled {
		if err == nil {
			err = s.held.Create(ctx, kindFile, want.encode())
		}
		if err != nil {
			return err
		}
	}
	s.settled = true
	return nil
}
