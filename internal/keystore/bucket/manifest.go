package bucket

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const manifestKeys = "manifests."

// manifestKey is the key of the bucket that holds the manifest of a lattice.
func manifestKey(lattice string) string {
	if strings.Trim(lattice, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == "" {
		return manifestKeys + lattice
	}
	return manifestKeys + "=" + base64.RawURLEncoding.EncodeToString([]byte(lattice))
}

// published is a manifest on the list: what may be known of it, and which revision
// holds it.
type published struct {
	Lattice    string    `json:"lattice"`
	Generation uint64    `json:"generation"`
	Edition    uint64    `json:"edition,omitempty"` // counts the manifests of one generation, from 0
	Text       string    `json:"text"`              // its digest
	Published  time.Time `json:"published"`
	Revision   uint64    `json:"revision"`
	Digest     string    `json:"digest"` // of the revision
}

// manifestRecord is one revision of a manifest, which nobody can use for another
// lattice or in another bucket.
type manifestRecord struct {
	Store      string `json:"store"`
	Lattice    string `json:"lattice"`
	Generation uint64 `json:"generation"`
	Text       []byte `json:"text"`
}

// Manifest is one that a maintainer has published.
type Manifest struct {
	Lattice    string
	Generation uint64
	Published  time.Time
	Revision   uint64
	Text       []byte         // of one that was fetched or is to be published
	Signer     keys.PublicKey // of one that was fetched
	digest     string         // of the text of one that was published
}

func (p published) known() Manifest {
	return Manifest{Lattice: p.Lattice, Generation: p.Generation, Published: p.Published, Revision: p.Revision, digest: p.Text}
}

// Says tells whether that is the text of one that was published.
func (m Manifest) Says(text []byte) bool { return digest(text) == m.digest }

// Publish puts a manifest in place of the one of its lattice, signed by a maintainer
// at hand, and reports false where it is the published one already. Of the
// same generation only one may follow that takes nothing back: why says of the one
// before what keeps this one from following, "" for nothing. fault.Refused: a newer one
// was published, or one that this may not follow.
func (s *Store) Publish(ctx context.Context, m Manifest, why func(before []byte) string) (now Manifest, changed bool, err error) {
	before, err := s.medium.memory.read()
	if err != nil {
		return now, false, err
	}
	err = s.changing(ctx, func(open *session, signer keys.Seed) (root, error) {
		next := open.was.root
		p := published{Lattice: m.Lattice, Generation: m.Generation, Text: digest(m.Text), Published: open.now().UTC().Truncate(time.Second)}
		last, there := next.manifest(m.Lattice)
		if there && last.Generation == p.Generation && last.Text == p.Text {
			now, changed = last.known(), false
			return next, errNothing
		}
		p, err := open.following(ctx, p, last, before.Manifests[m.Lattice], why)
		if err != nil {
			return next, err
		}
		if p, err = open.stageManifest(ctx, signer, p, last, m.Text); err != nil {
			return next, err
		}
		now, changed = p.known(), true
		return next.withManifest(p), nil
	})
	return now, changed, err
}

// following is what is to be published as what follows on the last one of its lattice,
// and on the one that was seen here. It refuses what would take the lattice back.
func (s *session) following(ctx context.Context, p, last published, seen seenManifest, why func([]byte) string) (published, error) {
	gone, _ := s.was.noLonger(p.Lattice)
	if latest := max(last.Generation, gone.Generation, seen.Generation); p.Generation < latest {
		get := "fetch"
		if gone.Generation > 0 {
			get = "history"
		}
		return p, fault.New(fault.Refused, "generation %d of lattice %s was published already, and this is %d", latest, p.Lattice, p.Generation).
			WithHint("get the newer one, and change that: latch lattice %s %s", get, p.Lattice)
	}
	switch p.Generation {
	case gone.Generation:
		if p.Text != gone.Text {
			return p, fault.New(fault.Refused, "another manifest of lattice %s was published as generation %d, until %s", p.Lattice, p.Generation, gone.Since.Format(time.DateOnly)).
				WithHint("say generation: %d in this one, and publish it", p.Generation+1)
		}
		p.Edition = gone.Edition
	case last.Generation:
		before, err := s.manifest(ctx, s.stream, s.was, last)
		if err != nil {
			return p, err
		}
		if reason := why(before.Text); reason != "" {
			return p, fault.New(fault.Refused, "another manifest of lattice %s was published as generation %d, and %s", p.Lattice, p.Generation, reason).
				WithHint("see what differs: latch lattice fetch %s; then say generation: %d in this one, and publish it", p.Lattice, p.Generation+1)
		}
		p.Edition = last.Edition + 1
	}
	if since := p.since(seen); since < 0 || since == 0 && p.Text != seen.Text {
		return p, fault.New(fault.Refused, "another manifest of lattice %s was seen here as generation %d", p.Lattice, p.Generation).
			WithHint("say generation: %d in this one, and publish it", p.Generation+1)
	}
	return p, nil
}

// since orders a manifest and what was seen: positive where it is the newer one.
func (p published) since(last seenManifest) int {
	return cmp.Or(cmp.Compare(p.Generation, last.Generation), cmp.Compare(p.Edition, last.Edition))
}

func (p published) asSeen() seenManifest { return seenManifest{p.Generation, p.Edition, p.Text} }

// stageManifest writes a manifest's revision, for a root to mean, or takes what an
// earlier run has written of the same that was cut short.
func (s *session) stageManifest(ctx context.Context, signer keys.Seed, p, last published, text []byte) (published, error) {
	body, err := pack(manifestRecord{s.was.Store, p.Lattice, p.Generation, text})
	if err != nil {
		return p, err
	}
	data, err := sign(signedManifest, signer, body)
	if err != nil {
		return p, err
	}
	key := manifestKey(p.Lattice)
	newest, err := s.stream.last(ctx, key)
	if err != nil && !errors.Is(err, errNone) {
		return p, err
	}
	p.Digest = digest(data)
	if err == nil && digest(newest.Data) == p.Digest {
		p.Revision = newest.Seq
		return p, nil
	}
	if last.Revision > 0 && last.Revision != newest.Seq {
		if err := s.hasRoom(ctx, key, key); err != nil {
			return p, fault.Hint(err, "find out why: nats kv history %s %s", s.at.Bucket, key)
		}
	}
	p.Revision, err = s.stream.write(ctx, key, data, newest.Seq)
	if err != nil {
		return p, fmt.Errorf("failed to publish the manifest of %s: %w", p.Lattice, err)
	}
	return p, nil
}

// Fetch gives the manifest of a lattice, or of the only one where none is named, once
// it is known to be the one that a maintainer has published last. fault.Refused: it is
// older than one that was seen here.
func (s *Store) Fetch(ctx context.Context, lattice string) (m Manifest, err error) {
	before, err := s.medium.memory.read() // and not later: another process may have seen a newer one since
	if err != nil {
		return m, err
	}
	err = s.medium.reading(ctx, func(on stream, root snapshot) error {
		p, err := root.chosen(lattice, s.medium.at.String())
		if err != nil {
			return err
		}
		if err := s.medium.judgeManifest(p, before.Manifests[p.Lattice]); err != nil {
			return err
		}
		m, err = s.medium.manifest(ctx, on, root, p)
		return err
	})
	return m, err
}

// judgeManifest decides whether a manifest may follow the one that was seen last.
func (m *medium) judgeManifest(p published, last seenManifest) error {
	switch since := p.since(last); {
	case since < 0:
		return fault.New(fault.Refused, "the manifest of lattice %s in %s is an older one: generation %d, and %d was seen here before", p.Lattice, m.at, p.Generation, last.Generation).
			WithHint("%s", m.ifMeant("published again"))
	case since == 0 && p.Text != last.Text:
		return fault.New(fault.Refused, "the manifest of lattice %s in %s is another than was seen here before as generation %d", p.Lattice, m.at, p.Generation).
			WithHint("%s", m.ifMeant("published again"))
	}
	return nil
}

// manifest is the revision that the list means.
func (m *medium) manifest(ctx context.Context, on stream, in snapshot, p published) (Manifest, error) {
	found := p.known()
	message, err := on.at(ctx, p.Revision)
	if errors.Is(err, errNotKept) {
		return found, m.notKept(manifestKey(p.Lattice))
	}
	if err != nil && !errors.Is(err, errNone) {
		return found, err
	}
	if err == nil && (message.Subject != on.subject(manifestKey(p.Lattice)) || digest(message.Data) != p.Digest) {
		err = errors.New("it is not the revision that the list means: it was exchanged")
	}
	var r manifestRecord
	if err == nil {
		r, found.Signer, err = in.readManifest(on, message)
	}
	if err == nil && (r.Generation != p.Generation || digest(r.Text) != p.Text) {
		err = errors.New("it was made for something else")
	}
	if err != nil {
		return found, store.Damaged(fault.New(fault.Failed, "revision %d of %s in %s is not the manifest that was published", p.Revision, manifestKey(p.Lattice), m.at).Because(err).
			WithHint("find out what else writes to the bucket, and publish it again with its generation raised: latch lattice publish"))
	}
	found.Text = r.Text
	return found, nil
}

// manifest finds the one of a lattice.
func (r root) manifest(lattice string) (published, bool) {
	at := slices.IndexFunc(r.Manifests, func(p published) bool { return p.Lattice == lattice })
	if at < 0 {
		return published{}, false
	}
	return r.Manifests[at], true
}

// chosen is the one of a lattice, or the only one.
func (r root) chosen(lattice, where string) (published, error) {
	if lattice == "" && len(r.Manifests) == 1 {
		return r.Manifests[0], nil
	}
	if p, there := r.manifest(lattice); there {
		return p, nil
	}
	if gone, was := r.noLonger(lattice); was {
		return published{}, fault.New(fault.NotFound, "the manifest of lattice %s is no longer published in %s, since %s: its last generation was %d", lattice, where, gone.Since.Format(time.DateOnly), gone.Generation).
			WithHint("see what is kept of it: latch lattice history %s; publish it again: latch lattice publish", lattice)
	}
	if len(r.Manifests) == 0 {
		return published{}, fault.New(fault.NotFound, "no manifest was published in %s", where).WithHint("publish one: latch lattice publish")
	}
	var names []string
	for _, p := range r.Manifests {
		names = append(names, p.Lattice)
	}
	if lattice == "" {
		return published{}, fault.New(fault.Usage, "%s holds the manifests of several lattices: %s", where, strings.Join(names, ", ")).WithHint("say which: --lattice %s", names[0])
	}
	return published{}, fault.New(fault.NotFound, "no manifest of lattice %s was published in %s", lattice, where).
		WithHint("there are: %s; publish it: latch lattice publish", strings.Join(names, ", "))
}

// withManifest is the root with the manifest in place of the lattice's last.
func (r root) withManifest(p published) root {
	at, there := slices.BinarySearchFunc(r.Manifests, p.Lattice, func(each published, name string) int { return strings.Compare(each.Lattice, name) })
	manifests := slices.Clone(r.Manifests)
	if there {
		manifests[at] = p
	} else {
		manifests = slices.Insert(manifests, at, p)
	}
	r.Manifests = manifests
	r.Unpublished = slices.DeleteFunc(slices.Clone(r.Unpublished), func(u unpublished) bool { return u.Lattice == p.Lattice })
	return r
}
