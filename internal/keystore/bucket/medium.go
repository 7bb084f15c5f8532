package bucket

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/natsconn"
)

// medium is a bucket, and what opens its seeds.
type medium struct {
	at       Address
	line     *line
	unlock   *agefile.Unlocker
	memory   memory
	now      func() time.Time
	random   io.Reader
	notice   func(message string)
	patience time.Duration
	also     []string // to which recipients a new seed is encrypted besides those who open all

	read *readings // of a store that keeps a copy
	kept *kept     // of one that is such a copy

	mu     sync.Mutex
	known  *snapshot // the root that was read last
	holds  bool      // it counts until Copy.Save, without another glance
	silent bool      // what had to be said of the memory has been said
}

// using gives the stream while act runs.
func (m *medium) using(ctx context.Context, act func(s stream) error) error {
	if m.kept != nil {
		return act(m.on(nil))
	}
	conn, giveBack, err := m.line.take(ctx)
	if err != nil {
		return err
	}
	defer giveBack()
	return act(m.on(conn))
}

// reading gives the stream, and the newest root that is to be trusted, while act runs.
func (m *medium) reading(ctx context.Context, act func(on stream, root snapshot) error) error {
	return m.using(ctx, func(on stream) error {
		now, err := m.root(ctx, on)
		if err != nil {
			return err
		}
		return act(on, now)
	})
}

func (m *medium) on(conn *natsconn.Conn) stream {
	return stream{conn: conn, bucket: m.at.Bucket, patience: m.patience, read: m.read, kept: m.kept}
}

// root is the newest one. Whether there is a newer one than the last costs the leader
// a glance.
func (m *medium) root(ctx context.Context, s stream) (snapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known != nil && m.holds {
		return *m.known, nil
	}
	if m.known != nil {
		_, err := s.next(ctx, rootKey, m.known.seq+1)
		if errors.Is(err, errNone) {
			m.read.find(m.known.seq)
			m.holds = m.read.open()
			return *m.known, nil
		}
		if err != nil {
			return snapshot{}, err
		}
	}
	before, err := m.memory.read() // and not later: another process may have seen a newer one since
	if err != nil {
		return snapshot{}, err
	}
	newest, err := s.last(ctx, rootKey)
	switch {
	case errors.Is(err, errNone):
		return snapshot{}, m.unmade()
	case err != nil:
		return snapshot{}, err
	}
	read, err := m.judge(ctx, newest, before)
	if err == nil {
		m.known, m.holds = &read, m.read.open()
	}
	return read, err
}

// judge reads a root and decides whether it is to be trusted.
func (m *medium) judge(ctx context.Context, newest message, before seen) (snapshot, error) {
	s := snapshot{seq: newest.Seq, digest: digest(newest.Data)}
	body, by, err := verify(signedRoot, newest.Data)
	if err == nil {
		s.by = by
		s.root, err = decodeRoot(body)
	}
	if err != nil {
		return snapshot{}, store.Damaged(fault.New(fault.Failed, "revision %d of root in %s is no list of keys", newest.Seq, m.at).Because(err).
			WithHint("find out what else writes to the bucket; its earlier revisions are still there: nats kv history %s root", m.at.Bucket))
	}
	first, err := m.accept(s, before)
	if err != nil {
		return snapshot{}, err
	}
	m.remember(ctx, s, first)
	return s, nil
}

// remember notes what was seen, and says what cannot be told without it.
func (m *medium) remember(ctx context.Context, s snapshot, first bool) {
	err := m.memory.write(ctx, s)
	if m.notice == nil || m.silent || err == nil && !first {
		return
	}
	m.silent = true
	switch {
	case err != nil:
		m.notice(fmt.Sprintf("what was seen of %s cannot be kept, so a roll-back would not be noticed: %v", m.at, err))
	default:
		m.notice(fmt.Sprintf("%s is used here for the first time, and is trusted as it is; its maintainer is %s: compare that with what a colleague sees, or name it in the URI: ?maintainer=%s",
			m.at, s.by, s.by))
	}
}

func (m *medium) unmade() error {
	return fault.New(fault.Unavailable, "the bucket %s holds no keystore yet", m.at).Because(store.ErrNoPlace).
		WithHint("make it: latch keystore init %s --to RECIPIENT", m.at)
}

func (m *medium) List(ctx context.Context) (entries []store.Entry, err error) {
	err = m.using(ctx, func(s stream) error {
		root, err := m.root(ctx, s)
		for _, e := range root.Seeds {
			entries = append(entries, store.Entry{Name: e.Name, PublicKey: e.PublicKey, Created: e.Created})
		}
		return err
	})
	return entries, err
}

func (m *medium) Read(ctx context.Context, name string) (seed keys.Seed, err error) {
	err = m.using(ctx, func(s stream) error {
		root, err := m.root(ctx, s)
		if err != nil {
			return err
		}
		at, there := root.find(name)
		if !there {
			return store.ErrNoKey
		}
		seed, err = m.open(ctx, s, root, root.Seeds[at])
		return err
	})
	return seed, err
}

// open gives the seed of an entry, for the caller to wipe.
func (m *medium) open(ctx context.Context, s stream, in snapshot, e entry) (keys.Seed, error) {
	r, err := m.record(ctx, s, in, e)
	if err != nil {
		return keys.Seed{}, err
	}
	seed, err := m.unseal(ctx, m.where(e), r)
	if fault.Is(err, fault.Locked) && m.unlock.AreOthers(ctx, in.keysOf(e)) {
		err = fault.New(fault.Locked, "").Because(err).Like(store.ErrForOthers)
	}
	return seed, err
}

// where is what a person calls the revision of an entry.
func (m *medium) where(e entry) string {
	return fmt.Sprintf("revision %d of %s in %s", e.Revision, keyOf(e.Name), m.at)
}

// record is the revision of an entry, which is the one that its root means.
func (m *medium) record(ctx context.Context, s stream, in snapshot, e entry) (record, error) {
	found, err := s.at(ctx, e.Revision)
	if errors.Is(err, errNone) {
		if again, lastErr := s.last(ctx, keyOf(e.Name)); lastErr == nil && digest(again.Data) == e.Digest {
			found, err = again, nil // as a purge writes it that was cut short
		}
	}
	switch {
	case errors.Is(err, errNotKept):
		return record{}, m.notKept(e.Name)
	case errors.Is(err, errNone):
		return record{}, store.Corrupt(m.where(e), err)
	case err != nil:
		return record{}, err
	case found.Subject != s.subject(keyOf(e.Name)) || digest(found.Data) != e.Digest:
		return record{}, store.Corrupt(m.where(e), errors.New("it is not the revision that the list of keys means: it was exchanged"))
	}
	r, _, err := decodeRecord(found.Data, in.Store, e.Name)
	if err == nil && r.PublicKey != e.PublicKey {
		err = errors.New("it is about another key")
	}
	if err != nil {
		return record{}, store.Corrupt(m.where(e), err)
	}
	return r, nil
}

// unseal opens a record and makes sure that it holds the seed it should.
func (m *medium) unseal(ctx context.Context, where string, r record) (keys.Seed, error) {
	plain, err := m.unlock.Open(ctx, where, []byte(r.Sealed))
	defer clear(plain)
	switch {
	case errors.Is(err, agefile.ErrDamaged):
		return keys.Seed{}, store.Corrupt(where, err)
	case err != nil:
		return keys.Seed{}, err
	}
	seed, err := keys.ParseSeed(plain, keys.AnyKind)
	if err != nil {
		return keys.Seed{}, store.Corrupt(where, err)
	}
	if err := store.Match(where, seed.PublicKey(), r.PublicKey); err != nil {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

// Lock begins a change. It keeps nobody away: what it writes counts only over the
// root that it began with, and is begun again where that has changed.
func (m *medium) Lock(ctx context.Context, _ bool) (store.Session, error) { return m.begin(ctx) }

func (m *medium) begin(ctx context.Context) (*session, error) {
	if m.kept != nil {
		return nil, fault.New(fault.Unavailable, "a copy of %s cannot be changed", m.at)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.release()
	conn, giveBack, err := m.line.take(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{medium: m, stream: m.on(conn), giveBack: giveBack}
	if s.was, err = m.root(ctx, s.stream); err != nil {
		giveBack()
		return nil, err
	}
	return s, nil
}

// signer is the key of a maintainer who is at hand, for the caller to wipe.
func (m *medium) signer(ctx context.Context, in root) (keys.Seed, error) {
	seed, others, err := m.unlock.Signer(ctx, in.maintains)
	if err != nil || !seed.IsZero() {
		return seed, err
	}
	if len(others) == 0 {
		return seed, fault.New(fault.Locked, "there is no identity at hand to sign a change of %s with", m.at).
			WithHint("name the file with yours: LATCH_IDENTITY_FILE=FILE; a hardware token cannot sign")
	}
	return seed, fault.New(fault.Refused, "you may read %s and not change it: you are none of its maintainers", m.at).
		WithHint("have one of them add you: latch keystore maintainers add %s", others[0])
}

// sealTo encrypts a seed and makes sure that the result opens and holds it.
func sealTo(seed keys.Seed, to []recipient) (string, error) {
	all, err := ageRecipients(to)
	if err != nil {
		return "", err
	}
	text := seed.Reveal()
	defer clear(text)
	sealed, err := agefile.Seal(text, all...)
	return string(bytes.TrimSpace(sealed)) + "\n", err
}

// randomName is one that nothing else has.
func (m *medium) randomName() (string, error) {
	var raw [16]byte
	_, err := io.ReadFull(m.random, raw[:])
	return base64.RawURLEncoding.EncodeToString(raw[:]), err
}

// trail puts a digest before those of the generations before.
func trail(last string, before []string) []string {
	return slices.Insert(slices.Clone(before[:min(len(before), trailLength-1)]), 0, last)
}
