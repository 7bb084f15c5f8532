package permissions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestDeniedIsTraced: whatever permission a user lacks, the server's own words for
// what fails lead back to it, as it says them and in lower case.
func TestDeniedIsTraced(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	var sets []Set
	var mutants []mutant
	target, err := wasmcloud.ParseTarget("rust-0.82")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range wasmcloud.Roles() {
		set, err := full(target).Needs(role)
		if err != nil {
			continue
		}
		for i, missing := range set {
			sets = append(sets, slices.Delete(slices.Clone(set), i, i+1))
			mutants = append(mutants, mutant{missing, role.String(), of(all, target, role)})
		}
	}
	words := regexp.MustCompile(`(?i)violation for (publish|subscription) to "([^"]+)"`)
	s := newStage(t, sets)
	for i, m := range mutants {
		violation := fmt.Sprint(s.play(t, i, m.actions))
		for _, said := range []string{violation, strings.ToLower(violation)} {
			found := words.FindStringSubmatch(said)
			if found == nil {
				t.Fatalf("%s without %s: %s", m.name, m.missing.Subject, said)
			}
			d := Denied{wasmcloud.Publish, found[2]}
			if strings.EqualFold(found[1], "subscription") {
				d.Action = wasmcloud.Subscribe
			}
			if !slices.ContainsFunc(d.NeededBy([]Setup{full(target)}), func(n Needer) bool {
				return n.Role.String() == m.name && n.Grant.Action == m.missing.Action && n.Grant.Subject == m.missing.Subject
			}) {
				t.Errorf("%s without %s %s: not traced from %s", m.name, m.missing.Action, m.missing.Subject, said)
			}
		}
	}
	if len(mutants) < 40 {
		t.Errorf("only %d", len(mutants))
	}
}
