package bucket

import (
	"context"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Reach is who can open a key.
type Reach struct {
	Name      string
	PublicKey keys.PublicKey
	By        []agefile.Recipient
}

// Reaches tells of every key who can open it, by name.
func (s *Store) Reaches(ctx context.Context) (all []Reach, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		for _, e := range root.Seeds {
			by, err := ageRecipients(root.openers(e.To))
			if err != nil {
				return err
			}
			all = append(all, Reach{e.Name, e.PublicKey, by})
		}
		return nil
	})
	return all, err
}

// Also has what is put from now on be encrypted to the recipients of these names,
// besides those who open every seed.
func (s *Store) Also(names []string) { s.medium.also = names }

// Encrypt sets to which recipients a key is encrypted besides those who open every
// seed, and gives how many could open it that no longer can: they may have kept it.
func (s *Store) Encrypt(ctx context.Context, name string, also []string) (left int, err error) {
	if err := store.CheckName(name); err != nil {
		return 0, err
	}
	err = s.changing(ctx, func(open *session, signer keys.Seed) (root, error) {
		next := open.was.root
		at, there := next.find(name)
		if !there {
			return next, store.NotFound(name, s.URI())
		}
		to, err := next.named(also, s.URI())
		if err != nil {
			return next, err
		}
		e := next.Seeds[at]
		before := e.To
		e.To = to
		next = next.with(e)
		left = 0
		for _, leaver := range next.Recipients {
			if !leaver.Only || !slices.Contains(before, leaver.Name) || slices.Contains(to, leaver.Name) {
				continue
			}
			left++
			next.Debts = append(slices.Clone(next.Debts), Debt{leaver.called(), name, e.PublicKey, []uint64{e.Revision}, open.now().UTC().Truncate(time.Second)})
		}
		next, _, err = open.reseal(ctx, signer, next)
		return next, err
	})
	return left, err
}

// named are the names of recipients, each once, which must be there and open what is
// encrypted to them alone.
func (r root) named(names []string, uri string) ([]string, error) {
	var all []string
	for _, name := range names {
		at := r.recipient(name)
		if at < 0 {
			return nil, fault.New(fault.NotFound, "%s has no recipient called %s", uri, name).
				WithHint("see who there is: latch keystore recipients list; add one: latch keystore recipients add KEY --name %s --only", name)
		}
		if r.Recipients[at].Only && !slices.Contains(all, r.Recipients[at].Name) {
			all = append(all, r.Recipients[at].Name)
		}
	}
	slices.Sort(all)
	return all, nil
}

// alsoOf are these names and those that a key is encrypted to which is to be replaced.
func (r root) alsoOf(names []string, replaced string) []string {
	at, there := r.find(replaced)
	if !there {
		return names
	}
	all := slices.Concat(names, r.Seeds[at].To)
	slices.Sort(all)
	return slices.Compact(all)
}

// leftBy is the root whose keys are no longer encrypted to a name.
func (r root) leftBy(name string) root {
	r.Seeds = slices.Clone(r.Seeds)
	for i, e := range r.Seeds {
		if slices.Contains(e.To, name) {
			r.Seeds[i].To = slices.DeleteFunc(slices.Clone(e.To), func(each string) bool { return each == name })
		}
	}
	return r
}
