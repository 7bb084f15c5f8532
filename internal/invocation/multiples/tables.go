package multiples

import (
	"crypto/ed25519"
	"crypto/sha512"
	"sync"

	"filippo.io/edwards25519"
)

// Tables makes the signatures of issuers that sign often cheap to check: with
// the multiples of a key at hand, [s]B - [k]A takes 64 additions and no doubling.
// It computes the very point that crypto/ed25519 compares with R, for every key,
// those of small order and with a torsion part included, so that the verdict is
// the same by construction; batch verification, as fast, has no such identity:
// what R hides outside the prime subgroup cancels in a sum now and then.
//
// The multiples of one key take 640 KiB. Tables are safe for concurrent use.
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
	// which costs as much as some twenty signatures.
	worthwhile = 32
	// mostTables bounds the memory: 10 MiB.
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
			t.base = multiplesOf(edwards25519.NewGeneratorPoint())
		}
		known.multiples = multiplesOf(point)
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

// Verify tells whether the signature is the key's over the text. Go's Ed25519
// and ed25519-dalek judge alike: s below the order, R compared as bytes, no
// cofactor. Unlike latch's own keys, points of small order are taken.
func (t *Tables) Verify(key [32]byte, text, signature []byte) bool {
	if len(signature) != ed25519.SignatureSize {
		return false
	}
	base, own := t.of(key)
	if own == nil {
		return ed25519.Verify(key[:], text, signature)
	}
	s, err := new(edwards25519.Scalar).SetCanonicalBytes(signature[32:])
	if err != nil {
		return false
	}
	hash := sha512.New()
	_, _ = hash.Write(signature[:32]) // a hash takes everything
	_, _ = hash.Write(key[:])
	_, _ = hash.Write(text)
	k, err := new(edwards25519.Scalar).SetUniformBytes(hash.Sum(nil))
	if err != nil {
		return false
	}
	sum := edwards25519.NewIdentityPoint()
	base.add(sum, s)
	own.subtract(sum, k)
	return string(sum.Bytes()) == string(signature[:32])
}

// multiples are 1 to 128 times 256^i times a point, for each byte i of a scalar.
type multiples [32][128]edwards25519.Point

func multiplesOf(p *edwards25519.Point) *multiples {
	m := new(multiples)
	unit := new(edwards25519.Point).Set(p)
	for i := range m {
		m[i][0].Set(unit)
		for j := 1; j < len(m[i]); j++ {
			m[i][j].Add(&m[i][j-1], unit)
		}
		unit.Add(&m[i][127], &m[i][127])
	}
	return m
}

// digits writes a scalar in base 256 with digits from -127 to 128.
func digits(s *edwards25519.Scalar) (d [32]int) {
	carry := 0
	for i, b := range s.Bytes() {
		d[i] = int(b) + carry
		carry = 0
		if d[i] > 128 {
			d[i] -= 256
			carry = 1
		}
	}
	return d // a scalar is below 2^253: nothing is carried out
}

// add adds s times the point to sum.
func (m *multiples) add(sum *edwards25519.Point, s *edwards25519.Scalar) {
	for i, d := range digits(s) {
		switch {
		case d > 0:
			sum.Add(sum, &m[i][d-1])
		case d < 0:
			sum.Subtract(sum, &m[i][-d-1])
		}
	}
}

// subtract subtracts s times the point from sum.
func (m *multiples) subtract(sum *edwards25519.Point, s *edwards25519.Scalar) {
	for i, d := range digits(s) {
		switch {
		case d > 0:
			sum.Subtract(sum, &m[i][d-1])
		case d < 0:
			sum.Add(sum, &m[i][-d-1])
		}
	}
}
