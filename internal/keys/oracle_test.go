package keys_test

import (
	"regexp"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
)

// Ten thousand generated pairs have the shapes that hosts demand, and Go nkeys
// reads the same key out of each seed.
func TestGeneratedClusterPairsAgreeWithGoNkeys(t *testing.T) {
	t.Parallel()
	public := regexp.MustCompile(`^C[A-D][A-Z2-7]{54}$`)
	private := regexp.MustCompile(`^SCA[A-P][A-Z2-7]{53}[AEIMQUY4]$`)
	for _, seed := range mustGenerateMany(t, keys.Cluster, often(10_000), random(4)) {
		text := seed.Reveal()
		if !private.Match(text) || !public.MatchString(seed.PublicKey().String()) {
			t.Fatalf("the pair of %s has not the shape of a cluster key", seed.PublicKey())
		}
		pair, err := nkeys.FromSeed(text)
		if err != nil {
			t.Fatalf("Go nkeys refuses the seed of %s: %v", seed.PublicKey(), err)
		}
		if theirs, err := pair.PublicKey(); err != nil || theirs != seed.PublicKey().String() {
			t.Fatalf("Go nkeys derives %s, we %s (%v)", theirs, seed.PublicKey(), err)
		}
	}
}

// Every kind that Go nkeys knows is spelled as it spells it, curve included.
func TestKindsAgreeWithGoNkeys(t *testing.T) {
	t.Parallel()
	known := map[keys.Kind]nkeys.PrefixByte{
		keys.Account: nkeys.PrefixByteAccount, keys.User: nkeys.PrefixByteUser, keys.Server: nkeys.PrefixByteServer,
		keys.Operator: nkeys.PrefixByteOperator, keys.Cluster: nkeys.PrefixByteCluster, keys.Curve: nkeys.PrefixByteCurve,
	}
	source := random(5)
	for kind, prefix := range known {
		for range 50 {
			seed := mustGenerate(t, kind, source)
			found, _, err := nkeys.DecodeSeed(seed.Reveal())
			if err != nil || found != prefix {
				t.Fatalf("%v: Go nkeys reads prefix %v, %v", kind, found, err)
			}
			pair, err := nkeys.FromSeed(seed.Reveal())
			if kind == keys.Curve {
				pair, err = nkeys.FromCurveSeed(seed.Reveal())
			}
			if err != nil {
				t.Fatalf("%v: %v", kind, err)
			}
			if theirs, err := pair.PublicKey(); err != nil || theirs != seed.PublicKey().String() {
				t.Fatalf("%v: Go nkeys derives %s, we %s (%v)", kind, theirs, seed.PublicKey(), err)
			}
		}
	}
}
