package lattice

import (
	"fmt"
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
		{Host: "a", Signs: testKey(0), Accepts: keys.Issuers{testKey(0)}},
		{Host: "b", Signs: testKey(1), Accepts: keys.Issuers{testKey(1), testKey(0)}},
		{Host: "c", Accepts: keys.Issuers{testKey(1), {}}},
	})
	want := []Refusal{
		{"a", "c", testKey(0)},
		{"b", "a", testKey(1)},
		{"c", "a", keys.PublicKey{}},
		{"c", "b", keys.PublicKey{}},
		{"c", "c", keys.PublicKey{}},
	}
	if got := m.Refusals(); !slices.Equal(got, want) || m.CountRefusals() != len(want) {
		t.Errorf("got %v and %d, want %v", got, m.CountRefusals(), want)
	}
	if !m.Accepts(0, 1) || m.Accepts(1, 0) {
		t.Error("rows and columns are exchanged")
	}
	if got := (Matrix{}).Refusals(); got != nil {
		t.Errorf("got %v", got)
	}
}

// Hosts of many keys are one group where all accept all; one that refuses another,
// or is refused, is not of it.
func TestGroupsStandAlike(t *testing.T) {
	t.Parallel()
	all := fleet(t, 5, true, false).Standings()
	if got := NewMatrix(all).Groups(); len(got) != 1 || len(got[0]) != 5 {
		t.Errorf("five keys that all accept: got %v", got)
	}
	all[1].Accepts = slices.Clone(all[1].Accepts) // the same list, elsewhere in memory
	all[2].Accepts = all[2].Accepts[:4]           // refuses the last
	all = append(all, Standing{Host: all[0].Host, Signs: all[0].Signs, Accepts: all[0].Accepts, Deployed: true})
	m := NewMatrix(all)
	if got, want := fmt.Sprint(m.Groups()), "[[0 1 3] [2] [4] [5]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, group := range m.Groups() {
		for _, row := range group {
			for other := range all {
				if m.Accepts(row, other) != m.Accepts(group[0], other) || m.Accepts(other, row) != m.Accepts(other, group[0]) {
					t.Errorf("%d does not stand as %d does", row, group[0])
				}
			}
		}
	}
}

// Old and new meet, but for one host's own two; who stays the same is there once.
func TestMix(t *testing.T) {
	t.Parallel()
	next := []Standing{
		{Host: "same", Signs: testKey(0), Accepts: keys.Issuers{testKey(0), testKey(1)}},
		{Host: "moved", Signs: testKey(1), Accepts: keys.Issuers{testKey(0), testKey(1)}},
	}
	deployed := []Standing{
		{Host: "same", Signs: testKey(0), Accepts: keys.Issuers{testKey(1), testKey(0)}},
		{Host: "moved", Signs: testKey(0), Accepts: keys.Issuers{testKey(0)}},
		{Host: "gone", Signs: testKey(0), Accepts: keys.Issuers{testKey(0)}},
	}
	m := NewMatrix(Mix(next, deployed))
	var rows []string
	for _, s := range m.Standings() {
		rows = append(rows, fmt.Sprint(s.Host, s.Deployed))
	}
	if want := []string{"samefalse", "movedfalse", "movedtrue", "gonetrue"}; !slices.Equal(rows, want) {
		t.Fatalf("got %v, want %v", rows, want)
	}
	if m.Meet(1, 2) || m.Meet(2, 1) || !m.Meet(0, 2) || !m.Meet(2, 3) || !m.Meet(1, 1) {
		t.Error("who meets whom is wrong")
	}
	if got, want := m.Refusals(), []Refusal{{"moved", "gone", testKey(1)}}; !slices.Equal(got, want) || m.CountRefusals() != len(want) {
		t.Errorf("got %v and %d, want %v", got, m.CountRefusals(), want)
	}
}
