package bucket_test

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// changes are all that can be made of a team's keystore with the keys kept and gone, the
// second deleted, another person in it, and the manifest of prod.
func changes(t *testing.T, p, other person, kept keys.PublicKey) map[string]func(context.Context, *bucket.Store) error {
	t.Helper()
	old, err := p.open(t).History(t.Context(), "gone")
	keystoretest.Must(t, err)
	fresh, added := some(t, 3), newcomer(t, p)
	addedKey, addedRecipient, there := added.signingKey(t), added.recipient(t), other.recipient(t).Text
	return map[string]func(context.Context, *bucket.Store) error{
		"put":      func(ctx context.Context, s *bucket.Store) error { return s.Put(ctx, fresh[0].Name, fresh[0].Seed) },
		"put many": func(ctx context.Context, s *bucket.Store) error { return keystore.PutAll(ctx, s, fresh[1:], func() {}) },
		"rename":   func(ctx context.Context, s *bucket.Store) error { return s.Rename(ctx, "kept", "renamed", kept) },
		"delete":   func(ctx context.Context, s *bucket.Store) error { return s.Delete(ctx, "kept", kept) },
		"restore": func(ctx context.Context, s *bucket.Store) error {
			_, err := s.Recover(ctx, "gone", old[0].Revision)
			return err
		},
		"purge": func(ctx context.Context, s *bucket.Store) error {
			_, err := s.Purge(ctx, "gone")
			return err
		},
		"share": func(ctx context.Context, s *bucket.Store) error {
			_, _, err := s.Share(ctx, []recipientOf{addedRecipient})
			return err
		},
		"unshare": func(ctx context.Context, s *bucket.Store) error {
			_, _, err := s.Unshare(ctx, there, false)
			return err
		},
		"introduce": func(ctx context.Context, s *bucket.Store) error {
			_, err := s.Introduce(ctx, addedKey, "added")
			return err
		},
		"dismiss": func(ctx context.Context, s *bucket.Store) error {
			_, err := s.Dismiss(ctx, "other")
			return err
		},
		"publish": func(ctx context.Context, s *bucket.Store) error {
			_, _, err := s.Publish(ctx, bucket.Manifest{Lattice: "prod", Generation: 2, Text: []byte("two")}, nil)
			return err
		},
		"unpublish": func(ctx context.Context, s *bucket.Store) error {
			_, _, err := s.Unpublish(ctx, "prod")
			return err
		},
	}
}

// Two of three servers are killed in the middle of every change, at its first write:
// each is told so in time, and none has been made when the servers are back.
func TestTwoServersKilledDuringEveryChange(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	p, other := newTeam(t, "team", servers...), newPerson(t, "team", servers...)
	seeds := p.put(t, "kept", "gone")
	keystoretest.Must(t, keystoretest.Delete(t, p.open(t), "gone"))
	_, _, err := p.open(t).Share(t.Context(), []recipientOf{other.recipient(t)})
	keystoretest.Must(t, err)
	_, err = p.open(t).Introduce(t.Context(), other.signingKey(t), "other")
	keystoretest.Must(t, err)
	keystoretest.Must(t, p.publish(t, "prod", 1, "one"))
	generation := p.generation(t)

	var writing, done sync.WaitGroup
	killed := make(chan struct{})
	for name, change := range changes(t, p, other, seeds["kept"].PublicKey()) {
		writing.Add(1)
		var begun atomic.Bool
		begins := sync.OnceFunc(writing.Done)
		one := p.through(&wires{said: func(_ *wires, data []byte) bool {
			if bytes.Contains(data, []byte("HPUB $KV.team.")) || bytes.Contains(data, []byte("STREAM.PURGE")) {
				begun.Store(true)
				begins()
				<-killed
			}
			return true
		}})
		one.patience = 15 * time.Second // less than one waits, and enough to begin on a busy machine
		done.Go(func() {
			defer begins()
			if err := change(t.Context(), one.open(t)); !begun.Load() || !fault.Is(err, fault.Unavailable) || fault.HintOf(err) == "" {
				t.Errorf("%s, which has begun to write: %t: %v", name, begun.Load(), err)
			}
		})
	}
	writing.Wait()
	first := leader(t, servers)
	second := servers[slices.IndexFunc(servers, func(s *natstest.Server) bool { return s != first })]
	second.Stop() // before the leader, of whom the third would else become the successor
	first.Stop()
	close(killed)
	done.Wait()

	first.Restart(t)
	second.Restart(t)
	until(t, "all servers know everything again", func() bool {
		return !slices.ContainsFunc(servers, func(s *natstest.Server) bool { return !s.JetStreamIsStreamCurrent("$G", "KV_team") })
	})
	p.holdsExactly(t, operation{name: "two were killed", most: 2}, map[string]keys.PublicKey{"kept": seeds["kept"].PublicKey()})
	p.fetches(t, "prod", 1, "one")
	if now := p.generation(t); now != generation || p.revisions(t, "gone") == 0 {
		t.Errorf("generation %d became %d", generation, now)
	}
}
