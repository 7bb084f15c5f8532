package multiples

import (
	"crypto/ed25519"
	"crypto/sha512"
	"sync"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Tables makes the signatures of issuers that sign often cheap to check: with
// the multiples of a key at hand, [s]B - [k]A takes 48 additions and no doubling.
// It computes the very point that crypto/ed25519 compares with R, for every key,
// those of small order and with a torsion part included, so that the verdict is
// the same by construction; batch verification, as fast, has no such identity:
// what R hides outside the prime subgroup cancels in a sum now and then.
//
// The multiples of one key take 1.5 MiB. Tables are safe for concurrent use.
type Tables struct {
	mu      sync.Mutex
	base    *multiples
	issuers map[[32]byte]*issuer
}

type issuer struct {
	uses      int
	multiples *multiples
}

const (
	// worthwhile is how often a key has signed before its multiples are made,
	// which costs as much as some hundred signatures.
	worthwhile = 128
	// mostTables bounds the memory: 24 MiB.
	mostTables = 16
	// mostCounted bounds how many keys are counted: whoever sends can invent keys.
	mostCounted = 4096
)

// New makes tables that hold nothing yet.
func New() *Tables { return &Tables{issuers: map[[32]byte]*issuer{}} }

// of gives the multiples of a generator and of a key, nil where the key has
// not signed often.
func (t *Tables) of(key [32]byte) (base, own *multiples) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.issuers[key]
	if known == nil {
		if len(t.issuers) >= mostCounted {
			clear(t.issuers)
		}
		known = &issuer{}
		t.issuers[key] = known
	}
	known.uses++
	if known.multiples == nil && known.uses >= worthwhile && t.made() < mostTables {
		point, err := new(edwards25519.Point).SetBytes(key[:])
		if err != nil {
			return nil, nil
		}
		if t.base == nil {
			t.base = multiplesOf(edwards25519.NewGeneratorPoint(), baseWidth)
		}
		known.multiples = multiplesOf(point, issuerWidth)
	}
	return t.base, known.multiples
}

func (t *Tables) made() int {
	n := 0
	for _, known := range t.issuers {
		if known.multiples != nil {
			n++
		}
	}
	return n
}

// Signature is one to verify: whose it should be, and over what.
type Signature struct {
	Key   [32]byte
	Text  string
	Bytes []byte
}

// Verify tells whether the signature is the key's over the text. Go's Ed25519
// and ed25519-dalek judge alike: s below the order, R compared as bytes, no
// cofactor. Unlike latch's own keys, points of small order are taken.
func (t *Tables) Verify(s Signature) bool {
	sum, genuine := t.sum(s, new([]byte))
	if sum == nil {
		return genuine
	}
	return sum.spelled(new(field.Element).Invert(&sum.z)) == [32]byte(s.Bytes)
}

// VerifyAll is Verify of each. Of the points that it compares all denominators
// are inverted at once, which each alone takes a quarter of the time; no verdict
// depends on another signature.
func (t *Tables) VerifyAll(all []Signature) []bool {
	verdicts := make([]bool, len(all))
	sums := make([]*extended, len(all))
	products := make([]field.Element, len(all)) // of the denominators before each
	product := new(field.Element).One()
	var room []byte
	for i, s := range all {
		sums[i], verdicts[i] = t.sum(s, &room)
		if products[i].Set(product); sums[i] != nil {
			product.Multiply(product, &sums[i].z) // never zero: the formulas are complete
		}
	}
	inverse := new(field.Element).Invert(product)
	for i := len(all) - 1; i >= 0; i-- {
		if sums[i] == nil {
			continue
		}
		own := products[i].Multiply(&products[i], inverse)
		inverse.Multiply(inverse, &sums[i].z)
		verdicts[i] = sums[i].spelled(own) == [32]byte(all[i].Bytes)
	}
	return verdicts
}

// sum is the point [s]B - [k]A that R has to be; nil where the verdict is known
// without it. What is hashed is put together in room, which is given back.
func (t *Tables) sum(sig Signature, room *[]byte) (sum *extended, genuine bool) {
	if len(sig.Bytes) != ed25519.SignatureSize {
		return nil, false
	}
	base, own := t.of(sig.Key)
	if own == nil {
		return nil, ed25519.Verify(sig.Key[:], []byte(sig.Text), sig.Bytes)
	}
	s, err := new(edwards25519.Scalar).SetCanonicalBytes(sig.Bytes[32:])
	if err != nil {
		return nil, false
	}
	*room = append(append(append((*room)[:0], sig.Bytes[:32]...), sig.Key[:]...), sig.Text...)
	hash := sha512.Sum512(*room)
	k, err := new(edwards25519.Scalar).SetUniformBytes(hash[:])
	if err != nil {
		return nil, false
	}
	var plus, minus terms
	base.gather(&plus, s)
	own.gather(&minus, k)
	sum = identity()
	plus.addTo(sum)
	minus.subtractFrom(sum)
	return sum, false
}
