package bucket_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestPurgingBesideAChange: what a change is about to put on the list, or has just put
// there, is never purged, although it was not on it before.
func TestPurgingBesideAChange(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	for _, when := range []string{"seeds.prod", "root", "manifests.prod", "root of manifests"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			key, _, ofManifest := strings.Cut(when, " ")
			name := "team-" + strings.NewReplacer(" ", "-", ".", "-").Replace(when)
			p := newTeam(t, name, server)
			seed := p.put(t, "prod")["prod"]
			keystoretest.Must(t, p.publish(t, "prod", 1, "one"))
			keystoretest.Must(t, p.open(t).Delete(t.Context(), "prod", seed.PublicKey()))
			if _, _, err := p.open(t).Unpublish(t.Context(), "prod"); err != nil {
				t.Fatal(err)
			}
			purged, manifests := 0, 0
			slow := p.through(&wires{said: once("$KV."+name+"."+key, func(*wires) bool {
				var err error
				if purged, err = p.open(t).Purge(t.Context(), "prod"); err != nil {
					t.Error(err)
				}
				if manifests, err = p.open(t).PurgeManifests(t.Context(), "prod"); err != nil {
					t.Error(err)
				}
				return true
			})})
			if ofManifest {
				keystoretest.Must(t, slow.publish(t, "prod", 2, "two"))
			}
			keystoretest.Must(t, slow.open(t).Put(t.Context(), "prod", keystoretest.NewSeed(t, keys.Cluster)))
			if _, err := p.open(t).Get(t.Context(), "prod"); err != nil {
				t.Error(err)
			}
			keystoretest.Must(t, slow.publish(t, "prod", 2, "two"))
			p.fetches(t, "prod", 2, "two")
			if purged == 0 || manifests == 0 {
				t.Errorf("%d seeds and %d manifests were purged", purged, manifests)
			}
		})
	}
}
