package keys_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"

	"github.com/latch-keys/latch/internal/oracle"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// perClass is how many keys each class of damage is done to, for public keys,
// for seeds, and for seeds whose public key is known: 14 classes of 400 each.
const perClass = 400

// class is one kind of damage, the causes that name it right, and the edit that
// mends it ("" where none is looked for).
type class struct {
	name   string
	damage func(*rand.Rand, string) string
	codes  []keys.Code
	edit   keys.Edit
}

func classes() []class {
	spelled := []keys.Code{keys.CodeChecksum, keys.CodePrefix, keys.CodeCanonical}
	short := []keys.Code{keys.CodeTooShort, keys.CodeIncomplete}
	return []class{
		{"substitution", substitute, spelled, keys.EditSubstituted},
		{"transposition", transpose, spelled, keys.EditTransposed},
		{"missing character", drop, short, keys.EditMissing},
		{"doubled character", double, []keys.Code{keys.CodeTooLong}, keys.EditExtra},
		{"look-alike", lookAlike, []keys.Code{keys.CodeAlphabet}, keys.EditLookAlike},
		{"outside the alphabet", outside, []keys.Code{keys.CodeAlphabet}, keys.EditSubstituted},
		{"lower case letter", lower, []keys.Code{keys.CodeLowerCase}, keys.EditCase},
		{"all lower case", func(_ *rand.Rand, k string) string { return strings.ToLower(k) }, []keys.Code{keys.CodeLowerCase}, keys.EditCase},
		{"white space around", around(" ", "\t", "\u00a0"), []keys.Code{keys.CodeWhitespace}, keys.EditWrapping},
		{"white space inside", inside(" "), []keys.Code{keys.CodeWhitespace}, keys.EditWrapping},
		{"line end", around("\n", "\r\n"), []keys.Code{keys.CodeLineEnd}, keys.EditWrapping},
		{"line break inside", inside("\n"), []keys.Code{keys.CodeLineEnd}, keys.EditWrapping},
		{"quotes", quote, []keys.Code{keys.CodeQuoted}, keys.EditWrapping},
		{"cut short", cut, []keys.Code{keys.CodeTooShort}, ""},
	}
}

func substitute(r *rand.Rand, k string) string {
	i := r.IntN(len(k))
	c := alphabet[r.IntN(32)]
	for c == k[i] {
		c = alphabet[r.IntN(32)]
	}
	return k[:i] + string(c) + k[i+1:]
}

func transpose(r *rand.Rand, k string) string {
	i := r.IntN(len(k) - 1)
	for k[i] == k[i+1] {
		i = r.IntN(len(k) - 1)
	}
	return k[:i] + string(k[i+1]) + string(k[i]) + k[i+2:]
}

func drop(r *rand.Rand, k string) string {
	i := r.IntN(len(k))
	return k[:i] + k[i+1:]
}

func double(r *rand.Rand, k string) string {
	i := r.IntN(len(k))
	return k[:i+1] + k[i:]
}

func lookAlike(r *rand.Rand, k string) string {
	swap := map[byte]string{'O': "0", 'I': "1", 'L': "1", 'B': "8"}
	var places []int
	for i := range len(k) {
		if swap[k[i]] != "" {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return outside(r, k)
	}
	i := places[r.IntN(len(places))]
	return k[:i] + swap[k[i]] + k[i+1:]
}

func outside(r *rand.Rand, k string) string {
	const strange = "9-_.*#/+$"
	i := r.IntN(len(k))
	return k[:i] + string(strange[r.IntN(len(strange))]) + k[i+1:]
}

func lower(r *rand.Rand, k string) string {
	i := r.IntN(len(k))
	for k[i] < 'A' {
		i = r.IntN(len(k))
	}
	return k[:i] + strings.ToLower(k[i:i+1]) + k[i+1:]
}

func around(what ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, k string) string {
		w := what[r.IntN(len(what))]
		if r.IntN(2) == 0 && w != "\n" && w != "\r\n" {
			return w + k
		}
		return k + w
	}
}

func inside(what string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, k string) string {
		i := 1 + r.IntN(len(k)-1)
		return k[:i] + what + k[i:]
	}
}

func quote(r *rand.Rand, k string) string {
	q := []string{`"`, "'", "`"}[r.IntN(3)]
	return q + k + q
}

func cut(r *rand.Rand, k string) string { return k[:r.IntN(len(k)-10)+1] }

// tally is what became of one class.
type tally struct{ n, detected, cause, right, none, wrong int }

func (got tally) rate(n int) string { return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(got.n)) }

func TestDamageCorpus(t *testing.T) {
	t.Parallel()
	var report strings.Builder
	fmt.Fprintf(&report, "| keys | damage | keys damaged | detected | cause right | mended right | no suggestion | wrong suggestion |\n|---|---|---|---|---|---|---|---|\n")
	total := 0
	for _, corpus := range []struct {
		name    string
		role    keys.Role
		known   bool
		unique  float64 // least share of substitutions and transpositions mended
		missing float64 // least share of missing characters mended
	}{
		{"public keys", keys.RolePublic, false, 0.99, 0.97},
		{"seeds, public key known", keys.RoleSeed, true, 0.99, 0.97},
		{"seeds alone", keys.RoleSeed, false, 0.96, 0.96},
	} {
		for i, c := range classes() {
			got := damageMany(t, c, corpus.role, corpus.known, uint64(i))
			total += got.n
			fmt.Fprintf(&report, "| %s | %s | %d | %s | %s | %s | %s | %d |\n", corpus.name, c.name, got.n,
				got.rate(got.detected), got.rate(got.cause), got.rate(got.right), got.rate(got.none), got.wrong)
			judge(t, corpus.name+", "+c.name, c, got, corpus.unique, corpus.missing)
		}
	}
	if total < 5000 && !testing.Short() {
		t.Fatalf("only %d keys were damaged", total)
	}
	oracle.Figure(t, "%d damaged keys\n%s", total, report.String())
	if path := os.Getenv("LATCH_CORPUS_REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(report.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func judge(t *testing.T, name string, c class, got tally, unique, missing float64) {
	t.Helper()
	if got.detected != got.n {
		t.Errorf("%s: %d of %d not detected", name, got.n-got.detected, got.n)
	}
	if got.wrong > 0 {
		t.Errorf("%s: %d wrong suggestions", name, got.wrong)
	}
	if testing.Short() {
		return // too few to judge shares by
	}
	if share(got.cause, got) < 0.99 {
		t.Errorf("%s: cause right in %s", name, got.rate(got.cause))
	}
	floor := 0.99
	switch c.edit {
	case "":
		return
	case keys.EditMissing:
		floor = missing
	case keys.EditSubstituted, keys.EditTransposed:
		floor = unique
	}
	if share(got.right, got) < floor {
		t.Errorf("%s: mended right in %s, want %.0f %%", name, got.rate(got.right), 100*floor)
	}
}

func share(n int, t tally) float64 { return float64(n) / float64(t.n) }

func damageMany(t *testing.T, c class, role keys.Role, known bool, stream uint64) tally {
	t.Helper()
	source := random(byte(stream))
	r := rand.New(rand.NewPCG(2026, stream))
	other := mustGenerate(t, keys.Cluster, source).PublicKey()
	var got tally
	for _, seed := range mustGenerateMany(t, keys.Cluster, often(perClass), source) {
		whole := seed.PublicKey().String()
		if role == keys.RoleSeed {
			whole = string(seed.Reveal())
		}
		want := keys.Want{}
		if known {
			want.Known = map[keys.PublicKey]string{seed.PublicKey(): "mine", other: "other"}
		}
		text := c.damage(r, whole)
		d := keys.Diagnose(text, want)
		got.n++
		if d.Valid() {
			continue
		}
		got.detected++
		if slices.Contains(c.codes, d.Problem.Code) {
			got.cause++
		}
		got.count(d.Problem.Suggestion, seed.PublicKey(), role, known, places(text, whole))
	}
	return got
}

// count judges a suggestion. Of a seed that nobody knows, the place is all that
// is told, so the place is judged.
func (got *tally) count(s *keys.Suggestion, want keys.PublicKey, role keys.Role, known bool, places []int) {
	switch {
	case s == nil:
		got.none++
	case role == keys.RolePublic || known:
		if s.PublicKey == want {
			got.right++
		} else {
			got.wrong++
		}
	case s.Position == 0 || slices.Contains(places, s.Position):
		got.right++
	default:
		got.wrong++
	}
}

// places are where the damaged text can be said to differ from the whole one:
// within a run of equal characters, any of them.
func places(text, whole string) []int {
	var all []int
	for i := range len(text) + 1 {
		if i < len(text) && len(text) == len(whole) && text[i] != whole[i] {
			all = append(all, i+1)
		}
		if i < len(text) && text[:i]+text[i+1:] == whole {
			all = append(all, i+1)
		}
		if i < len(whole) && whole[:i]+whole[i+1:] == text {
			all = append(all, i+1)
		}
	}
	return all
}
