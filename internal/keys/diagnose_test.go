package keys_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

type damage struct {
	name, text string
	want       keys.Want
	code       keys.Code
	position   int
}

func damages() []damage {
	seed, public := docsSeed, docsPublic
	anySeed, anyPublic := keys.Want{Role: keys.RoleSeed}, keys.Want{Role: keys.RolePublic}
	cluster := keys.Want{Kind: keys.Cluster}
	return []damage{
		{"empty", "", keys.Want{}, keys.CodeEmpty, 0},
		{"line feed after seed", seed + "\n", keys.Want{}, keys.CodeLineEnd, 59},
		{"carriage return after key", public + "\r\n", keys.Want{}, keys.CodeLineEnd, 57},
		{"line break inside", seed[:20] + "\n" + seed[20:], keys.Want{}, keys.CodeLineEnd, 21},
		{"double quotes", `"` + public + `"`, keys.Want{}, keys.CodeQuoted, 1},
		{"single quotes", "'" + seed + "'", keys.Want{}, keys.CodeQuoted, 1},
		{"closing quote only", public + `"`, keys.Want{}, keys.CodeQuoted, 57},
		{"blank before", " " + public, keys.Want{}, keys.CodeWhitespace, 1},
		{"blank after", public + " ", keys.Want{}, keys.CodeWhitespace, 57},
		{"tab inside", public[:9] + "\t" + public[9:], keys.Want{}, keys.CodeWhitespace, 10},
		{"byte order mark", "\ufeff" + public, keys.Want{}, keys.CodeWhitespace, 1},
		{"far too short", "CDMT", keys.Want{}, keys.CodeTooShort, 0},
		{"far too short for a seed", "SCAB", anySeed, keys.CodeTooShort, 0},
		{"far too long", public + public, keys.Want{}, keys.CodeTooLong, 0},
		{"lower case", strings.ToLower(seed), keys.Want{}, keys.CodeLowerCase, 1},
		{"one lower case letter", public[:30] + strings.ToLower(public[30:31]) + public[31:], keys.Want{}, keys.CodeLowerCase, 31},
		{"zero", "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSK03HLOTLBQFY2FHDLZFAMYMD", keys.Want{}, keys.CodeAlphabet, 34},
		{"one in a seed", seed[:10] + "1" + seed[11:], keys.Want{}, keys.CodeAlphabet, 11},
		{"not ASCII", public[:12] + "é" + public[13:], keys.Want{}, keys.CodeAlphabet, 13},
		{"padding", public + "======", keys.Want{}, keys.CodeAlphabet, 57},
		{"one missing", public[:20] + public[21:], keys.Want{}, keys.CodeTooShort, 21},
		{"one too many", public[:20] + "A" + public[20:], keys.Want{}, keys.CodeTooLong, 21},
		{"seed lacks its last character", seed[:57], keys.Want{}, keys.CodeIncomplete, 58},
		{"seed lacks another character", seed[:22] + seed[23:], keys.Want{}, keys.CodeTooShort, 23},
		{"spare bits 5", seed[:57] + "5", keys.Want{}, keys.CodeCanonical, 58},
		{"spare bits 6", seed[:57] + "6", keys.Want{}, keys.CodeCanonical, 58},
		{"spare bits 7", seed[:57] + "7", keys.Want{}, keys.CodeCanonical, 58},
		{"no such kind", "B" + public[1:], keys.Want{}, keys.CodePrefix, 1},
		{"second letter impossible", "CE" + public[2:], keys.Want{}, keys.CodePrefix, 2},
		{"private form", "P" + public[1:], anyPublic, keys.CodePrefix, 1},
		{"seed of no kind", "SB" + seed[2:], keys.Want{}, keys.CodePrefix, 2},
		{"public key checksum", public[:30] + "A" + public[31:], keys.Want{}, keys.CodeChecksum, 31},
		{"seed checksum", seed[:30] + "A" + seed[31:], keys.Want{}, keys.CodeChecksum, 31},
		{"public key as seed", public, anySeed, keys.CodeNotSeed, 0},
		{"seed as public key", seed, anyPublic, keys.CodeNotPublic, 0},
		{"damaged seed as public key", seed[:30] + "A" + seed[31:], anyPublic, keys.CodeNotPublic, 0},
		{"server key as cluster key", "NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU", cluster, keys.CodeKind, 1},
		{"server seed as cluster seed", "SNAAGG2LW2FP2JTXDTLQNB4EOHQDHQR2Y75PYAVOCYUPGHUK24WA3RSZYI", cluster, keys.CodeKind, 1},
		{"zeros that wash's shape check accepts", "SC" + strings.Repeat("0", 56), keys.Want{}, keys.CodeAlphabet, 3},
	}
}

func TestDiagnoseNamesOneCause(t *testing.T) {
	t.Parallel()
	for _, d := range damages() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			got := keys.Diagnose(d.text, d.want)
			if got.Valid() {
				t.Fatal("judged valid")
			}
			if got.Problem.Code != d.code || got.Problem.Position != d.position {
				t.Errorf("%s at %d (%v), want %s at %d", got.Problem.Code, got.Problem.Position, got.Problem, d.code, d.position)
			}
			if got.Length != len(d.text) {
				t.Errorf("length %d, want %d", got.Length, len(d.text))
			}
		})
	}
}

// What may be a seed is never repeated, nor any run of it.
func TestProblemsHoldNoSecret(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, d := range damages() {
		if !strings.HasPrefix(strings.ToUpper(strings.Trim(d.text, "'\" ")), "SC") {
			continue
		}
		checked++
		p := keys.Diagnose(d.text, d.want).Problem
		said := strings.ToUpper(p.Error() + " " + p.Hint())
		for i := 0; i+6 <= len(docsSeed); i++ {
			if strings.Contains(said, docsSeed[i:i+6]) {
				t.Errorf("%s: a run of the seed is in the message", d.name)
			}
		}
	}
	if checked < 10 {
		t.Fatalf("only %d seeds were checked", checked)
	}
}

func TestDiagnoseValid(t *testing.T) {
	t.Parallel()
	for text, role := range map[string]keys.Role{docsSeed: keys.RoleSeed, docsPublic: keys.RolePublic} {
		d := keys.Diagnose(text, keys.Want{Kind: keys.Cluster, Role: role})
		if !d.Valid() || d.Role != role || d.Kind != keys.Cluster || d.PublicKey.String() != docsPublic {
			t.Errorf("%v: %+v", role, d)
		}
	}
}

// The text is the caller's: judging it must not change it.
func TestDiagnoseLeavesTheTextAlone(t *testing.T) {
	t.Parallel()
	for _, d := range damages() {
		text := []byte(d.text)
		keys.Diagnose(text, d.want)
		_, _ = keys.ParseSeed(text, keys.Cluster)
		_, _ = keys.ParsePublicKey(text, keys.Cluster)
		if string(text) != d.text {
			t.Errorf("%s: the text was changed", d.name)
		}
	}
}

// Judging a valid key costs no allocation, whichever form it comes in.
func TestJudgingAllocatesNothing(t *testing.T) {
	text := []byte(docsPublic)
	for name, judge := range map[string]func(){
		"bytes":    func() { keys.Diagnose(text, keys.Want{Kind: keys.Cluster}) },
		"string":   func() { keys.Diagnose(docsPublic, keys.Want{}) },
		"parse":    func() { _, _ = keys.ParsePublicKey(text, keys.Cluster) },
		"spelling": func() { keys.WellSpelled(docsPublic, keys.Cluster) },
	} {
		if n := testing.AllocsPerRun(100, judge); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
