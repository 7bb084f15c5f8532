package lattice

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestEveryHostOfAManifestAcceptsEveryOther(t *testing.T) {
	t.Parallel()
	m := NewMatrix(mustDecode(t, fill(sample)).Manifest().Standings())
	if len(m.Standings()) != 2 || len(m.Refusals()) != 0 {
		t.Errorf("got %+v, refusals %v", m.Standings(), m.Refusals())
	}
	if s := m.Standings()[1]; s.Host != "web-2" || s.Signs != testKey(1) || s.Accepts.String() != testKey(0).String()+","+testKey(1).String() {
		t.Errorf("got %+v", s)
	}
}

func TestMatrixNamesWhoRefusesWhom(t *testing.T) {
	t.Parallel()
	m := NewMatrix([]Standing{
		{"a", testKey(0), keys.Issuers{testKey(0)}},
		{"b", testKey(1), keys.Issuers{testKey(1), testKey(0)}},
		{"c", keys.PublicKey{}, keys.Issuers{testKey(1), {}}},
	})
	want := []Refusal{
		{"a", "c", testKey(0)},
		{"b", "a", testKey(1)},
		{"c", "a", keys.PublicKey{}},
		{"c", "b", keys.PublicKey{}},
		{"c", "c", keys.PublicKey{}},
	}
	if got := m.Refusals(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !m.Accepts(0, 1) || m.Accepts(1, 0) {
		t.Error("rows and columns are exchanged")
	}
	if got := (Matrix{}).Refusals(); got != nil {
		t.Errorf("got %v", got)
	}
}
