package bucket

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Revision is one that a bucket still has of a seed.
type Revision struct {
	Revision  uint64
	Written   time.Time
	Name      string
	PublicKey keys.PublicKey // zero where it cannot be read
	Signer    keys.PublicKey
	Current   bool     // it is the one in use
	To        []string // who can open it, by name or key; "?" for who is no recipient any more
}

// each visits the revisions of a pattern of keys, the oldest first.
func (s stream) each(ctx context.Context, pattern string, visit func(message)) error {
	for from := uint64(1); ; {
		m, err := s.next(ctx, pattern, from)
		if errors.Is(err, errNone) {
			return nil
		}
		if err != nil {
			return err
		}
		visit(m)
		from = m.Seq + 1
	}
}

// History gives the revisions of a name, or of all names, the newest first.
func (s *Store) History(ctx context.Context, name string) ([]Revision, error) {
	pattern := seedKeys + ">"
	if name != "" {
		if err := store.CheckName(name); err != nil {
			return nil, err
		}
		pattern = keyOf(name)
	}
	var all []Revision
	err := s.medium.reading(ctx, func(on stream, root snapshot) error {
		return on.each(ctx, pattern, func(m message) { all = append(all, root.revision(on, m)) })
	})
	if err == nil && name != "" && len(all) == 0 {
		err = fault.New(fault.NotFound, "%s keeps nothing of a key named %q", s.URI(), name).WithHint("see which names there are: latch keystore history")
	}
	slices.Reverse(all)
	return all, err
}

func (r root) revision(on stream, m message) Revision {
	v := Revision{Revision: m.Seq, Written: m.Time.UTC(), Name: nameOf(on.key(m))}
	found, by, err := decodeRecord(m.Data, r.Store, v.Name)
	if err != nil {
		return v
	}
	v.PublicKey, v.Signer = found.PublicKey, by
	if at, there := r.find(v.Name); there {
		v.Current = r.Seeds[at].Revision == m.Seq
	}
	for _, id := range found.To {
		name := "?"
		if at := slices.IndexFunc(r.Recipients, func(each recipient) bool { return each.id() == id }); at >= 0 {
			name = r.Recipients[at].called()
		}
		v.To = append(v.To, name)
	}
	return v
}

// Recover gives a name the seed back that one of its revisions holds, encrypted to
// who are recipients now, also to the hosts that could open it and have not been taken
// off it since: fault.Exists where the name holds another.
func (s *Store) Recover(ctx context.Context, name string, revision uint64) (keys.PublicKey, error) {
	var seed keys.Seed
	defer func() { seed.Wipe() }()
	var hosts []string
	err := s.medium.reading(ctx, func(on stream, root snapshot) error {
		m, err := on.revision(ctx, keyOf(name), revision)
		switch {
		case errors.Is(err, errNone):
			return fault.New(fault.NotFound, "there is no revision %d of %s in %s", revision, name, s.URI()).WithHint("see which there are: latch keystore history %s", name)
		case err != nil:
			return err
		}
		where := s.medium.where(entry{Name: name, Revision: revision})
		r, by, err := decodeRecord(m.Data, root.Store, name)
		if err == nil {
			err = root.signedBy(by)
		}
		if err != nil {
			return store.Corrupt(where, err)
		}
		if seed, err = s.medium.unseal(ctx, where, r); err != nil {
			return err
		}
		hosts, err = root.hostsOf(ctx, on, name, r.PublicKey)
		return err
	})
	if err != nil {
		return keys.PublicKey{}, err
	}
	defer s.Also(s.medium.also)
	s.Also(slices.Concat(s.medium.also, hosts))
	return seed.PublicKey(), s.Put(ctx, name, seed)
}

// hostsOf are those that could open a key by any of its revisions, and may still.
func (r root) hostsOf(ctx context.Context, on stream, name string, public keys.PublicKey) (hosts []string, err error) {
	err = on.each(ctx, keyOf(name), func(m message) {
		found, by, err := decodeRecord(m.Data, r.Store, name)
		if err != nil || found.PublicKey != public || !r.maintains(by) {
			return
		}
		for _, each := range r.Recipients {
			if each.Only && slices.Contains(found.To, each.id()) && !r.owed(each, public) && !slices.Contains(hosts, each.Name) {
				hosts = append(hosts, each.Name)
			}
		}
	})
	return hosts, err
}
