package wasmcloud

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestUses: every row says why, has only places that can be filled in, and what is
// allowed in its place takes it in.
func TestUses(t *testing.T) {
	t.Parallel()
	places := []Place{LatticePlace, TopicPrefixPlace, APIPlace, KeyValuePlace, HostPlace, ProviderPlace, PolicyPlace, PolicyChangesPlace, SecretsPlace}
	count := 0
	for _, target := range AllTargets() {
		for _, role := range Roles() {
			uses := target.Uses(role)
			if wants := role != ProviderRPCUser || target.ReadsProviderRPC(); wants != (len(uses) > 0) {
				t.Errorf("%s %s: %d uses", target, role, len(uses))
			}
			for _, u := range uses {
				count++
				for _, place := range regexp.MustCompile(`\{[^}]*\}`).FindAllString(u.Subject+u.Within, -1) {
					if !slices.Contains(places, Place(place)) {
						t.Errorf("%s: nothing fills %s", u.Subject, place)
					}
				}
				if u.Reason == "" || strings.HasSuffix(u.Reason, ".") || (u.Subject == "") != (u.Action == Respond) {
					t.Errorf("%s: %+v", target, u)
				}
				if begins, _ := strings.CutSuffix(u.Within, ">"); !strings.HasPrefix(u.Subject, begins) {
					t.Errorf("%s does not take in %s", u.Within, u.Subject)
				}
				if u.Option != "" && u.Option.About() == "" {
					t.Errorf("the option %s is not explained", u.Option)
				}
			}
		}
	}
	if count < 500 {
		t.Errorf("only %d uses", count)
	}
}

// TestUsesOfStores: the streams that a host makes are those that it has.
func TestUsesOfStores(t *testing.T) {
	t.Parallel()
	for _, target := range AllTargets() {
		made := map[string]bool{}
		for _, role := range []Role{ControlUser, RPCUser} {
			for _, u := range target.Uses(role) {
				if stream, makes := strings.CutPrefix(u.Subject, string(APIPlace)+".STREAM.CREATE."); makes {
					made[strings.ReplaceAll(stream, string(LatticePlace), "prod")] = true
				}
			}
		}
		for _, store := range target.Stores("prod") {
			if chunks := store.Stream == object+"prod"; !made[store.Stream] && !(chunks && target.IgnoresClusterKeys()) {
				t.Errorf("%s: nothing makes %s", target, store.Stream)
			}
			delete(made, store.Stream)
		}
		for stream := range made {
			t.Errorf("%s makes %s, which it does not have", target, stream)
		}
	}
}

// TestParseRole: each role by its name, and what is none.
func TestParseRole(t *testing.T) {
	t.Parallel()
	for _, want := range Roles() {
		if got, err := ParseRole(want.String()); err != nil || got != want || want.About() == "" {
			t.Errorf("%s: %s, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "CTL", "ctl ", "dog"} {
		if _, err := ParseRole(name); err == nil || !strings.Contains(err.Error(), "must be one of ctl, rpc, prov_rpc") {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, p := range Purposes() {
		if p.Role().String() != p.String() || !p.Role().OfHost() {
			t.Errorf("%s has the role %s", p, p.Role())
		}
	}
}
