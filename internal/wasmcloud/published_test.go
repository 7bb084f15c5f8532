package wasmcloud

import (
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// TestPublishedAgrees: the table holds the sixteen keys, each a cluster key, ten
// of them with their seed.
func TestPublishedAgrees(t *testing.T) {
	t.Parallel()
	rows := table(t, "published-keys.txt", 3)
	withSeed := 0
	for _, row := range rows {
		key, err := keys.ParsePublicKey(row[0], keys.Cluster)
		if err != nil {
			t.Fatal(err)
		}
		want := PublishedKey{Repository: row[2], WithSeed: row[1] == "seed"}
		if got, known := Published(key); !known || got != want {
			t.Errorf("%s: %+v, %t, want %+v", key, got, known, want)
		}
		if want.WithSeed {
			withSeed++
		}
	}
	if known := publishedKeys(); len(rows) != len(known) || withSeed != 10 {
		t.Errorf("%d rows, %d with their seed", len(rows), withSeed)
	}
}

// TestPublishedSeedIsRecognised by its public key: no seed is in the table.
func TestPublishedSeedIsRecognised(t *testing.T) {
	t.Parallel()
	seed, err := keys.ParseSeed([]byte("SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4"), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	if got, known := Published(seed.PublicKey()); !known || !got.WithSeed {
		t.Errorf("the example of the docs: %+v, %t", got, known)
	}
	if _, known := Published(keys.PublicKey{}); known {
		t.Error("no key is published")
	}
}
