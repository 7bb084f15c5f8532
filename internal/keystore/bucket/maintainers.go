package bucket

import (
	"context"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// Maintainer is somebody who may change the keystore.
type Maintainer struct {
	Key  keys.PublicKey
	Name string
	By   keys.PublicKey // who introduced them
	You  bool           // an identity at hand signs with it
}

// Maintainers are those of the store.
func (s *Store) Maintainers(ctx context.Context) (all []Maintainer, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		own := s.SigningKeys(ctx)
		for _, m := range root.Maintainers {
			all = append(all, Maintainer{m.Key, m.Name, m.By, slices.Contains(own, m.Key)})
		}
		return nil
	})
	return all, err
}

// SigningKeys are those of the identities at hand that need no passphrase.
func (s *Store) SigningKeys(ctx context.Context) []keys.PublicKey {
	return s.medium.unlock.SigningKeys(ctx)
}

// Introduce makes somebody a maintainer, by the public half of their signing key. Who is
// one already stays as they are.
func (s *Store) Introduce(ctx context.Context, key keys.PublicKey, name string) (added bool, err error) {
	err = s.changing(ctx, func(open *session, signer keys.Seed) (root, error) {
		next := open.was.root
		if added = !next.maintains(key); !added {
			return next, errNothing
		}
		m, err := introduce(next.Store, key, name, next.Generation+1, signer)
		next.Maintainers = append(slices.Clone(next.Maintainers), m)
		return next, err
	})
	return added && err == nil, err
}

// Dismiss takes a maintainer off the list, by key or name. Those whom they introduced
// stay, introduced anew.
func (s *Store) Dismiss(ctx context.Context, which string) (gone keys.PublicKey, err error) {
	err = s.changing(ctx, func(open *session, signer keys.Seed) (root, error) {
		next := open.was.root
		at := slices.IndexFunc(next.Maintainers, func(m maintainer) bool { return m.Key.String() == which || m.Name != "" && m.Name == which })
		switch {
		case at < 0:
			return next, fault.New(fault.NotFound, "%s has no such maintainer", s.URI()).WithHint("see who there is: latch keystore maintainers list")
		case several(next.Maintainers, func(m maintainer) bool { return m.Name != "" && m.Name == which }):
			return next, fault.New(fault.Usage, "%s has several maintainers called %s", s.URI(), which).
				WithHint("give the key of the one you mean: latch keystore maintainers list")
		case next.Maintainers[at].Key == signer.PublicKey():
			return next, fault.New(fault.Refused, "you would dismiss yourself, and sign it as one who is no maintainer").WithHint("have another maintainer do it")
		}
		gone = next.Maintainers[at].Key
		next.Maintainers = slices.Delete(slices.Clone(next.Maintainers), at, at+1)
		for i, m := range next.Maintainers {
			if m.By != gone {
				continue
			}
			anew, err := introduce(next.Store, m.Key, m.Name, next.Generation+1, signer)
			if err != nil {
				return next, err
			}
			next.Maintainers[i] = anew
		}
		return next, nil
	})
	return gone, err
}
