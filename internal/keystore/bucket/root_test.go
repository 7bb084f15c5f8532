package bucket

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
)

// The list of ten thousand keys is one message that servers take as they come.
func TestTenThousandKeysFit(t *testing.T) {
	t.Parallel()
	const mostPayload = 1 << 20
	r := root{Version: rootVersion, Store: "s", Generation: 1, Recipients: []recipient{{Key: "age1"}}}
	for i := range trailLength {
		r.Trail = append(r.Trail, digest([]byte{byte(i)}))
	}
	for i := range 10_000 {
		seed, err := keys.Generate(keys.Cluster, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(seed.PublicKey().String()))
		r.Seeds = append(r.Seeds, entry{
			Name: fmt.Sprintf("host-web-%05d", i), PublicKey: seed.PublicKey(), Created: time.Unix(1_760_000_000+int64(i)*977, 0).UTC(),
			Revision: uint64(3*i + 2), Digest: digest(sum[:]),
		})
	}
	body, err := pack(r)
	if err != nil || len(body) > mostPayload-200 {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	oracle.Figure(t, "the list of 10,000 keys is %d KiB", len(body)>>10)
	back, err := decodeRoot(body)
	if err != nil || !slices.EqualFunc(back.Seeds, r.Seeds, func(a, b entry) bool { return a.Name == b.Name && a.Digest == b.Digest }) {
		t.Fatal(err)
	}
}
