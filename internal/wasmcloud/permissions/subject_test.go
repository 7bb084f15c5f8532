package permissions

import (
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/fault"
)

// patterns draws subjects with wildcards, of few tokens so that they meet.
func patterns(deepest int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", anyToken}), 1, deepest).Draw(t, "tokens")
		if rapid.Bool().Draw(t, "open") {
			parts[len(parts)-1] = anyRest
		}
		return strings.Join(parts, ".")
	})
}

// everySubject lists those of up to so many tokens, over the tokens that patterns
// draws and one that it does not.
func everySubject(deepest int) []string {
	all, level := []string{}, []string{""}
	for range deepest {
		var next []string
		for _, begun := range level {
			for _, token := range []string{"a", "b", "z"} {
				next = append(next, strings.TrimPrefix(begun+"."+token, "."))
			}
		}
		all, level = append(all, next...), next
	}
	return all
}

// TestPatternsAsServers: one pattern within another, and two that meet, are what
// the functions of the server say.
func TestPatternsAsServers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := patterns(4).Draw(rt, "a"), patterns(4).Draw(rt, "b")
		if got, want := covers(a, b), server.SubjectMatchesFilter(b, a); got != want {
			rt.Errorf("%s covers %s: %v, the server says %v", a, b, got, want)
		}
		if got, want := overlap(a, b), server.SubjectsCollide(a, b); got != want {
			rt.Errorf("%s overlaps %s: %v, the server says %v", a, b, got, want)
		}
	})
}

// TestManyCover: a pattern is within several exactly if each of its subjects is,
// by the server, within one.
func TestManyCover(t *testing.T) {
	t.Parallel()
	subjects := everySubject(5)
	covered := 0
	rapid.Check(t, func(rt *rapid.T) {
		pattern := patterns(3).Draw(rt, "pattern")
		others := rapid.SliceOfN(patterns(3), 0, 5).Draw(rt, "others")
		want := !slices.ContainsFunc(subjects, func(subject string) bool {
			return server.SubjectMatchesFilter(subject, pattern) &&
				!slices.ContainsFunc(others, func(other string) bool { return server.SubjectMatchesFilter(subject, other) })
		})
		if got := coveredBy(pattern, others); got != want {
			rt.Errorf("%s within %v: %v, want %v", pattern, others, got, want)
		}
		if want {
			covered++
		}
	})
	if covered == 0 {
		t.Error("no pattern was within others")
	}
}

func TestCheckSubject(t *testing.T) {
	t.Parallel()
	for subject, says := range map[string]string{
		"wasmcloud.policy": "", "a": "", "": "empty", "a..b": "empty", ".a": "empty", "a.*": "wildcard", "a.>": "wildcard", "a b": "white space",
		"a.\x07": "white space", strings.Repeat("x", 100) + ".*": "this is no subject",
	} {
		err := CheckSubject(subject)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || fault.KindOf(err) != fault.Failed) {
			t.Errorf("%q: %v, want %q", subject, err, says)
		}
	}
}
