package sealed

import (
	"context"
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

var (
	_ store.Inspector      = (*medium)(nil)
	_ store.LeftoverLister = (*medium)(nil)
	_ store.Mender         = (*session)(nil)
)

// Inspect compares every seed with what is told of it and with the recipients,
// which takes opening them.
func (m *medium) Inspect(ctx context.Context) ([]store.Finding, error) {
	return inspection{medium: m}.run(ctx)
}

// Mend is Inspect, and puts in order what it can. What runs that were cut
// short left, locking has settled already.
func (s *session) Mend(ctx context.Context) ([]store.Finding, error) {
	return inspection{medium: s.medium, mending: s}.run(ctx)
}

// inspection looks at a store and, with a session, mends it.
type inspection struct {
	*medium
	mending *session // nil: only look
}

func (i inspection) run(ctx context.Context) ([]store.Finding, error) {
	findings := i.outdated(ctx)
	p, err := i.protection(ctx)
	if err != nil {
		if !errors.Is(err, errUnprotected) {
			return findings, err
		}
		findings = append(findings, store.Finding{Name: i.Where(""), Message: err.Error()})
	}
	names, err := i.Names(ctx)
	if err != nil {
		return findings, err
	}
	var shut []error
	for _, name := range names {
		if i.CheckName(name) != nil {
			continue // the list says so
		}
		found, err := i.account(ctx, name)
		switch {
		case locked(err):
			shut = append(shut, err)
			found = []store.Finding{{Name: name, Message: err.Error()}}
		case err != nil:
			return findings, err
		}
		findings = append(findings, found...)
		if wrong := i.openers(ctx, name, p); wrong != nil {
			findings = append(findings, *wrong)
		}
	}
	if len(shut) > 0 && len(shut) == len(names) {
		return findings, shut[0] // it is the store that is locked, not a seed that is amiss
	}
	return i.mendOpeners(ctx, findings, p)
}

const sealAnew = "encrypt all seeds to " + recipientsFile + " anew"

// oldJournal is what latch once kept a change in. It held new contents of seeds,
// and whoever could write to the folder could have them put in place.
const oldJournal = ".latch-journal"

// Leftovers are also what is public of seeds that were not stored, or not removed.
func (m *medium) Leftovers(ctx context.Context) ([]store.Finding, error) {
	findings, err := m.Blobs.Leftovers(ctx)
	if err != nil {
		return nil, err
	}
	all, err := m.Blobs.List(ctx)
	for _, file := range all {
		if _, waits := waiting(file); waits {
			findings = append(findings, store.Finding{
				Name: file, Message: m.Where(file) + " is left of a run that was cut short", Remedy: "settle it",
			})
		}
	}
	return findings, err
}

// outdated finds what an earlier latch left, which nothing acts on any more.
func (i inspection) outdated(ctx context.Context) []store.Finding {
	if !i.has(ctx, oldJournal) {
		return nil
	}
	return []store.Finding{{Name: oldJournal, Message: i.Where(oldJournal) +
		" is a change that an earlier latch did not finish, and nothing acts on it; each seed is in its own file: remove this one"}}
}

// account compares a seed with what is told of it.
func (i inspection) account(ctx context.Context, name string) ([]store.Finding, error) {
	told, toldErr := i.record(ctx, name)
	seed, err := i.open(ctx, name, i.unlock.Open)
	switch {
	case errors.Is(err, store.ErrNoKey):
		return nil, nil // deleted meanwhile
	case errors.Is(err, store.ErrCorrupt):
		return []store.Finding{{Name: name, Message: err.Error()}}, nil
	case err != nil:
		return nil, err
	}
	defer seed.Wipe()
	found := store.Finding{Name: name, Remedy: "write " + i.Where(name+recordSuffix)}
	switch {
	case toldErr == nil:
		if err := store.Match(i.File(name), seed.PublicKey(), told.PublicKey); err != nil {
			return []store.Finding{{Name: name, Message: err.Error()}}, nil // which of the two is right, only a person can say
		}
		return nil, nil
	case store.Absent(toldErr):
		found.Message = "its public key is not known without opening " + i.File(name)
	case errors.Is(toldErr, store.ErrCorrupt):
		found.Message = toldErr.Error()
	default:
		return nil, toldErr
	}
	if i.mending != nil {
		if err := i.mending.writeRecord(ctx, name, record{PublicKey: seed.PublicKey()}); err != nil {
			return nil, err
		}
		found.Mended = true
	}
	return []store.Finding{found}, nil
}

// openers finds a seed that is sealed to more or fewer than are listed: by a
// change of the list behind our back, or by another tool.
func (i inspection) openers(ctx context.Context, name string, p protection) *store.Finding {
	sealed, err := i.Contents(ctx, name)
	if err != nil {
		return nil // the seed's own finding
	}
	n, secret, err := agefile.Openers(sealed)
	want := len(p.list.Recipients())
	if err != nil || secret || p.passphrase || want == 0 || n == want {
		return nil // what is sealed in another way cannot be opened, and says so
	}
	return &store.Finding{
		Name:    name,
		Message: fmt.Sprintf("%s is encrypted to %d recipients, %s has %d", i.File(name), n, recipientsFile, want),
		Remedy:  sealAnew,
	}
}

func (i inspection) mendOpeners(ctx context.Context, findings []store.Finding, p protection) ([]store.Finding, error) {
	var wrong []*store.Finding
	for at := range findings {
		if findings[at].Remedy == sealAnew {
			wrong = append(wrong, &findings[at])
		}
	}
	if i.mending == nil || len(wrong) == 0 {
		return findings, nil
	}
	if _, err := i.mending.reseal(ctx, p.list, p, true); err != nil {
		return findings, err
	}
	for _, f := range wrong {
		f.Mended = true
	}
	return findings, nil
}
