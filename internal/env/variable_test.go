package env

import (
	"regexp"
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
)

// TestVariablesByTarget repeats by hand which hosts read what.
func TestVariablesByTarget(t *testing.T) {
	t.Parallel()
	old := []string{"WASMCLOUD_LATTICE_PREFIX", "WASMCLOUD_CLUSTER_ISSUERS", "WASMCLOUD_CLUSTER_SEED"}
	want := map[string][]string{
		"otp": old, "rust-0.78": old, "rust-0.79": old, "rust-0.80": old, "rust-0.81": old,
		"rust-0.82": append([]string{"WASMCLOUD_LATTICE"}, old...),
		"rust-1.0":  nil,
	}
	for name, names := range want {
		var got []string
		for _, v := range Variables() {
			if v.ReadBy(parseTarget(t, name)) {
				got = append(got, v.Name)
			}
		}
		if !slices.Equal(got, names) {
			t.Errorf("%s reads %v, want %v", name, got, names)
		}
	}
	if len(want) != len(lattice.Targets())+1 {
		t.Errorf("%d targets judged, there are %d and rust-1.0", len(want), len(lattice.Targets()))
	}
}

func TestVariablesAreWellFormed(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	seen := make(map[string]bool)
	for _, v := range Variables() {
		if !shape.MatchString(v.Name) || seen[v.Name] || v.Meaning == "" || len(v.Targets) == 0 {
			t.Errorf("row %q is misspelt, repeated or incomplete", v.Name)
		}
		seen[v.Name] = true
		a := v.value(facts{lattice: "prod", seed: parseSeed(t, docsSeed)})
		if a.Secret() != v.Sensitive {
			t.Errorf("%s: Sensitive is %t, its value's Secret is %t", v.Name, v.Sensitive, a.Secret())
		}
	}
	if len(seen) == 0 {
		t.Error("the table is empty")
	}
}
