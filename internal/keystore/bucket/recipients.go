package bucket

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// Recipients are those of the store.
func (s *Store) Recipients(ctx context.Context) (all []agefile.Recipient, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) (err error) {
		all, err = ageRecipients(root.Recipients)
		return err
	})
	return all, err
}

// Share adds recipients, gives those that were new, and how many seeds were encrypted
// anew.
func (s *Store) Share(ctx context.Context, with []agefile.Recipient) (added []agefile.Recipient, resealed int, err error) {
	return s.admit(ctx, with, false)
}

// Admit adds a recipient who opens the seeds alone that are encrypted to them by name:
// a host. It reports whether they are new.
func (s *Store) Admit(ctx context.Context, r agefile.Recipient) (bool, error) {
	added, _, err := s.admit(ctx, []agefile.Recipient{r}, true)
	return len(added) > 0, err
}

func (s *Store) admit(ctx context.Context, with []agefile.Recipient, only bool) (added []agefile.Recipient, resealed int, err error) {
	err = s.changing(ctx, func(open *session, signer keys.Seed) (next root, err error) {
		next, added = open.was.root, nil
		next.Recipients = slices.Clone(next.Recipients)
		for _, r := range with {
			if next.recipient(r.Text) >= 0 {
				continue
			}
			if r.Comment != "" && next.recipient(r.Comment) >= 0 {
				return next, fault.New(fault.Exists, "another recipient of %s is called %s", s.URI(), r.Comment).WithHint("give another name")
			}
			next.Recipients = append(next.Recipients, recipient{Key: r.Text, Name: r.Comment, Only: only})
			added = append(added, r)
		}
		if len(added) == 0 {
			return next, errNothing
		}
		next, resealed, err = open.reseal(ctx, signer, next)
		return next, err
	})
	return added, resealed, err
}

// Unshare removes the recipient with that text or name: fault.NotFound, fault.Refused
// where that would lock the person out, unless forced. What they could open stays on
// the list until those keys are gone.
func (s *Store) Unshare(ctx context.Context, which string, forced bool) (gone agefile.Recipient, resealed int, err error) {
	err = s.changing(ctx, func(open *session, signer keys.Seed) (root, error) {
		next := open.was.root
		at := next.recipient(which)
		if at < 0 {
			return next, fault.New(fault.NotFound, "%s has no such recipient", s.URI()).WithHint("see who there is: latch keystore recipients list")
		}
		leaver := next.Recipients[at]
		if several(next.Recipients, func(each recipient) bool { return each.Name == which }) {
			return next, fault.New(fault.Usage, "%s has several recipients called %s", s.URI(), which).
				WithHint("give the key of the one you mean: latch keystore recipients list")
		}
		next.Recipients = slices.Delete(slices.Clone(next.Recipients), at, at+1)
		if !leaver.Only && len(next.openers(nil)) == 0 {
			return next, fault.New(fault.Refused, "this is the last recipient of %s, nobody could open it any more", s.URI()).
				WithHint("add another first: latch keystore recipients add RECIPIENT")
		}
		if err := open.staysOpen(ctx, next, forced); err != nil {
			return next, err
		}
		debts, err := open.owed(ctx, leaver)
		if err != nil {
			return next, err
		}
		next.Debts = append(slices.Clone(next.Debts), debts...)
		next = next.leftBy(leaver.Name)
		if gone, err = leaver.age(); err != nil {
			return next, err
		}
		next, resealed, err = open.reseal(ctx, signer, next)
		return next, err
	})
	return gone, resealed, err
}

// changing makes a change that a maintainer vouches for, and makes it again where
// another came first.
func (s *Store) changing(ctx context.Context, change func(open *session, signer keys.Seed) (root, error)) error {
	err := s.again(ctx, func() error {
		open, err := s.medium.begin(ctx)
		if err != nil {
			return err
		}
		defer open.Release()
		return open.signed(ctx, func(signer keys.Seed) (root, error) { return change(open, signer) })
	})
	if err == errNothing { //nolint:errorlint // this very one
		return nil
	}
	return err
}

// errNothing: there is nothing to change.
var errNothing = fault.New(fault.Failed, "there is nothing to change")

// recipient finds one by key or name.
func (r root) recipient(which string) int {
	if parsed, err := agefile.ParseRecipient(which); err == nil {
		which = parsed.Text
	}
	return slices.IndexFunc(r.Recipients, func(each recipient) bool { return each.Key == which || each.Name != "" && each.Name == which })
}

// several tells whether more than one is meant.
func several[T any](all []T, meant func(T) bool) bool {
	first := slices.IndexFunc(all, meant)
	return first >= 0 && slices.ContainsFunc(all[first+1:], meant)
}

// reseal encrypts the seeds anew whose openers a root changes. Until that root is
// written nothing counts of it; a run that is cut short is gone on with by the next.
func (s *session) reseal(ctx context.Context, signer keys.Seed, next root) (root, int, error) {
	next.Seeds = slices.Clone(next.Seeds)
	done := 0
	for i, e := range next.Seeds {
		at, there := s.was.find(e.Name)
		if !there || slices.Equal(ids(s.was.openers(s.was.Seeds[at].To)), ids(next.openers(e.To))) {
			continue
		}
		changed, err := s.stage(ctx, signer, e, next.openers(e.To), func(to []recipient) (string, error) {
			seed, err := s.open(ctx, s.stream, s.was, e)
			if err != nil {
				return "", err
			}
			defer seed.Wipe()
			return sealTo(seed, to)
		})
		if err != nil {
			return next, 0, fmt.Errorf("nothing was changed: %w", err)
		}
		next.Seeds[i] = changed
		done++
	}
	return next, done, nil
}

// staysOpen makes sure that what is at hand opens what is sealed to who open every seed.
func (s *session) staysOpen(ctx context.Context, next root, forced bool) error {
	if forced {
		return nil
	}
	to, err := ageRecipients(next.openers(nil))
	if err != nil {
		return err
	}
	return s.unlock.StaysOpen(ctx, to)
}

// owed are the keys that somebody could open, with every revision of them: also deleted
// ones that may come back.
func (s *session) owed(ctx context.Context, leaver recipient) ([]Debt, error) {
	var debts []Debt
	at, now := map[keys.PublicKey]int{}, s.now().UTC().Truncate(time.Second)
	for _, d := range s.was.Debts {
		if d.Recipient == leaver.called() {
			at[d.PublicKey] = -1 // it is owed already
		}
	}
	err := s.stream.each(ctx, seedKeys+">", func(m message) {
		r, by, err := decodeRecord(m.Data, s.was.Store, nameOf(s.stream.key(m)))
		if err != nil || !slices.Contains(r.To, leaver.id()) || !s.was.maintains(by) && !s.was.has(r.PublicKey) {
			return
		}
		i, known := at[r.PublicKey]
		if !known {
			i, at[r.PublicKey] = len(debts), len(debts)
			debts = append(debts, Debt{Recipient: leaver.called(), Name: r.Name, PublicKey: r.PublicKey, Since: now})
		}
		if i >= 0 {
			debts[i].Revisions = append(debts[i].Revisions, m.Seq)
		}
	})
	return debts, err
}
