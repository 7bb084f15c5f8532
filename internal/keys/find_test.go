package keys_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/keys"
)

func TestMask(t *testing.T) {
	t.Parallel()
	if letters := "SCA" + strings.Repeat("BQLTETIU", 6)[:47]; strings.Contains(keys.Mask("--manifest=k"+letters+" is not there"), letters) {
		t.Error("what is left of a seed shows where it holds no digit")
	}
	for _, text := range []string{
		docsSeed, strings.ToLower(docsSeed), docsSeed[:57], docsSeed + "A", "cannot run " + docsSeed + ": not found",
		"--" + docsSeed, "\"" + docsSeed + "\"", docsSeed[:30] + "0" + docsSeed[31:], "a=" + docsSeed + ",b=" + docsSeed,
		"a" + docsSeed, "7" + docsSeed, "_" + docsSeed + "_", docsSeed + "x1", docsSeed + docsSeed,
		docsSeed[:40], "--set=" + docsSeed[:50], docsSeed[1:], docsSeed[3:], "5" + docsSeed[1:], "S0" + docsSeed[2:],
		docsSeed[:20] + " " + docsSeed[20:], docsSeed[:20] + "\r\n    " + docsSeed[20:], grouped(docsSeed, 4), grouped(docsSeed[:52], 5),
		strings.Join(strings.Split(docsSeed, ""), "\x00"), "\x1b[32m" + docsSeed + "\x1b[0m",
	} {
		masked := strings.ToUpper(keys.Mask(text))
		for i := 4; i+10 <= 57; i++ {
			if part := docsSeed[i : i+10]; strings.Contains(strings.ReplaceAll(masked, " ", ""), part) {
				t.Errorf("%q: characters %d to %d are still there", strings.ReplaceAll(text, docsSeed, "(the seed)"), i+1, i+10)
				break
			}
		}
	}
	for _, text := range []string{
		docsPublic, "SCAB is short", "the checksum of the seed", docsPublic + "," + otherPublic,
		"SCAN THE WHOLE FILE AGAIN AND SAY WHAT IS WRONG WITH LINE 24 OF IT, PLEASE", "scanamongallthehostsofthislatticeandtellwhatisgood",
		"SCAB2 " + docsPublic, "/tmp/TestScanAmongAllTheFilesThatThereAre2345/001/lattice.yaml",
	} {
		if masked := keys.Mask(text); masked != text {
			t.Errorf("%q became %q", text, masked)
		}
	}
}

// grouped is a text as people read long numbers out.
func grouped(text string, size int) string {
	var groups []string
	for ; len(text) > size; text = text[size:] {
		groups = append(groups, text[:size])
	}
	return strings.Join(append(groups, text), " ")
}

// disguises are the ways in which a seed may get into a text; sound says whether
// it can be read back as it stands.
func disguises() map[string]struct {
	sound bool
	write func(seed string, at int) string
} {
	type disguise = struct {
		sound bool
		write func(seed string, at int) string
	}
	return map[string]disguise{
		"as it is":      {true, func(s string, _ int) string { return s }},
		"lower case":    {false, func(s string, _ int) string { return strings.ToLower(s) }},
		"cut short":     {false, func(s string, at int) string { return s[:40+at%18] }},
		"wrapped":       {false, func(s string, at int) string { return s[:1+at%57] + "\n  " + s[1+at%57:] }},
		"grouped":       {false, func(s string, at int) string { return grouped(s, 2+at%9) }},
		"one wrong":     {false, func(s string, at int) string { return s[:4+at%54] + other(s[4+at%54]) + s[5+at%54:] }},
		"one missing":   {false, func(s string, at int) string { return s[:at%58] + s[1+at%58:] }},
		"one doubled":   {false, func(s string, at int) string { return s[:1+at%58] + s[at%58:] }},
		"base64":        {true, func(s string, _ int) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
		"base64 second": {true, func(s string, _ int) string { return base64.StdEncoding.EncodeToString([]byte("=" + s)) }},
		"base64 third":  {true, func(s string, _ int) string { return base64.URLEncoding.EncodeToString([]byte("k=" + s + "\n")) }},
		"base64 cut":    {false, func(s string, at int) string { return base64.StdEncoding.EncodeToString([]byte(s[:40+at%18])) }},
		"base64 in lines": {true, func(s string, _ int) string {
			text := base64.StdEncoding.EncodeToString([]byte(s))
			return text[:76] + "\n" + text[76:]
		}},
		"quoted": {false, func(s string, at int) string { return strings.Trim(strconv.Quote(s[:1+at%57]+"\n\t"+s[1+at%57:]), `"`) }},
		"UTF-16 quoted": {false, func(s string, _ int) string {
			return strings.Trim(strconv.Quote(strings.Join(strings.Split(s, ""), "\x00")), `"`)
		}},
		"UTF-16": {false, func(s string, _ int) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }},
	}
}

func other(c byte) string {
	if c == 'B' {
		return "C"
	}
	return "B"
}

// TestFindSeedsFindsEveryDisguise: of every kind, between signs and, where it is
// whole, glued to letters. A seed of which a part was lost may go unfound where
// chance gave it no digit, once in some thousand.
func TestFindSeedsFindsEveryDisguise(t *testing.T) {
	t.Parallel()
	ofEach := often(75)
	source, all := random(1), disguises()
	for _, name := range slices.Sorted(maps.Keys(all)) { // the same seeds in each run
		d := all[name]
		missed, tried := 0, 0
		for _, kind := range keys.Kinds() {
			for n, seed := range mustGenerateMany(t, kind, ofEach, source) {
				written := d.write(string(seed.Reveal()), ofEach*int(kind)+n)
				for _, around := range [][2]string{{"", ""}, {"key: \"", "\"\n"}, {"x=\t", " # why"}} {
					text := around[0] + written + around[1]
					tried++
					found := keys.FindSeeds([]byte(text))
					if !covers(found, len(around[0]), len(written)) || !keys.MayHoldSeed(text) {
						missed++
					}
					if d.sound && (len(found) != 1 || !found[0].Sound || !sole(keys.SeedsIn([]byte(text)), seed)) {
						t.Fatalf("%s: a %s seed is found as %+v", name, kind, found)
					}
				}
			}
		}
		if limit := tried / 300; missed > limit || d.sound && missed > 0 {
			t.Errorf("%s: %d of %d were missed", name, missed, tried)
		}
	}
}

// noise is randomness without end: a key that hosts stumble over costs 32 bytes more.
type noise struct{ *rand.Rand }

func (n noise) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = byte(n.Uint32())
	}
	return len(into), nil
}

// covers allows for four characters at either end, which tell nothing.
func covers(found []keys.Span, from, length int) bool {
	return len(found) == 1 && found[0].From <= from+4 && found[0].To >= from+length-4
}

func sole(found []keys.Seed, want keys.Seed) bool {
	return len(found) == 1 && found[0].PublicKey() == want.PublicKey()
}

// TestFindSeedsWithinWords: names of keys, files and variables are made of what
// people paste.
func TestFindSeedsWithinWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "raw")
		seed, err := keys.Generate(rapid.SampledFrom(keys.Kinds()).Draw(t, "kind"), io.MultiReader(bytes.NewReader(raw), noise{rand.New(rand.NewPCG(1, 1))}))
		if err != nil {
			t.Fatal(err)
		}
		before := rapid.StringMatching(`[A-Za-z0-9_]{0,70}`).Draw(t, "before")
		after := rapid.StringMatching(`[A-Za-z0-9_]{0,70}`).Draw(t, "after")
		masked := keys.Mask(before + string(seed.Reveal()) + after)
		if strings.Contains(masked, string(seed.Reveal()[4:20])) || strings.Contains(masked, string(seed.Reveal()[40:])) {
			t.Fatalf("between %q and %q a seed is shown", before, after)
		}
	})
}

// TestFindSeedsLeavesThePublicAlone counts what is wrongly hidden: nothing that
// latch itself shows, and no other random text.
func TestFindSeedsLeavesThePublicAlone(t *testing.T) {
	t.Parallel()
	source := random(3)
	bytesOf := func(n int) []byte {
		raw := make([]byte, n)
		_, _ = source.Read(raw)
		return raw
	}
	var publicKeys, encoded, issuers, lists []string
	for _, kind := range keys.Kinds() {
		for _, seed := range mustGenerateMany(t, kind, often(1250), source) {
			key := seed.PublicKey().String()
			publicKeys = append(publicKeys, key)
			for before := range 3 { // where the first bits of a key can lie
				encoded = append(encoded, base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", before)+key+"\n")))
			}
		}
	}
	for five := range slices.Chunk(mustGenerateMany(t, keys.Cluster, often(10_000), source), 5) {
		var accepted keys.Issuers
		for _, seed := range five {
			accepted = append(accepted, seed.PublicKey())
		}
		issuers = append(issuers, "WASMCLOUD_CLUSTER_ISSUERS="+accepted.String())
	}
	for _, seed := range mustGenerateMany(t, keys.Server, often(2000), source) {
		lists = append(lists, strings.Repeat(seed.PublicKey().String()+"\n", 4))
	}
	drawn := func(times int, text func() string) []string {
		all := make([]string, times)
		for i := range all {
			all[i] = text()
		}
		return all
	}
	for _, c := range []struct {
		name  string
		texts []string
	}{
		{"public keys", publicKeys},
		{"public keys in base64", encoded},
		{"issuers", issuers},
		{"lists of public keys", lists},
		{"hashes", drawn(often(20_000), func() string { return hex.EncodeToString(bytesOf(32)) })},
		{"hashes in base64", drawn(often(20_000), func() string { return "sha512-" + base64.StdEncoding.EncodeToString(bytesOf(64)) })},
		{"long base64", drawn(often(500), func() string { return base64.StdEncoding.EncodeToString(bytesOf(6000)) })},
		{"user JWTs", drawn(often(1000), func() string { return issued(t) })},
	} {
		hidden := 0
		for _, text := range c.texts {
			if keys.MayHoldSeed(text) {
				hidden++
			}
		}
		if hidden > 0 {
			t.Errorf("%s: %d of %d are hidden", c.name, hidden, len(c.texts))
		}
	}
}

// TestTokenIDsAreNoSeeds: a JWT of NATS names itself by a hash in the alphabet of keys,
// wherever that lies among the bits of base64. What is longer is no such hash.
func TestTokenIDsAreNoSeeds(t *testing.T) {
	t.Parallel()
	seed := string(mustGenerateMany(t, keys.User, 1, random(4))[0].Reveal())
	for _, before := range []string{`{`, `{"exp":1,`, `{"exp":12,`, `{"exp":123,`} {
		claims := func(id string) string {
			payload := before + `"jti":"` + id + `","iat":1700000000,"iss":"A","sub":"U"}`
			return "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
		}
		if text := claims(seed[:52]); keys.MayHoldSeed(text) {
			t.Errorf("%s: the hash is taken for a seed: %s", before, text)
		}
		for _, id := range []string{seed, seed[:54], seed[:57] + "A"} {
			if !keys.MayHoldSeed(claims(id)) {
				t.Errorf("%s: %d characters of a seed are not found", before, len(id))
			}
		}
	}
}

func issued(t *testing.T) string {
	t.Helper()
	user, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	account, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	subject, err := user.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.NewUserClaims(subject).Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestFindSeedsLeavesProseAlone: the project's own pages and code, but for the
// seed of wasmCloud's docs.
func TestFindSeedsLeavesProseAlone(t *testing.T) {
	t.Parallel()
	read := 0
	for _, pattern := range []string{"*.go", "../../docs/*.md", "../../docs/cli/*.md", "../../*.md", "../../go.sum"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			read++
			for _, span := range keys.FindSeeds(text) {
				if span.Sound || strings.Contains(strings.ToUpper(string(text[span.From:span.To])), docsSeed[4:30]) {
					continue // published, or a test's
				}
				line := 1 + bytes.Count(text[:span.From], []byte("\n"))
				if !strings.HasSuffix(path, "_test.go") {
					t.Errorf("%s:%d: %d characters are taken for a seed", path, line, span.To-span.From)
				}
			}
		}
	}
	if read < 40 {
		t.Fatalf("only %d files were read", read)
	}
}

func BenchmarkFindSeeds(b *testing.B) {
	prose, err := os.ReadFile("find.go")
	if err != nil {
		b.Fatal(err)
	}
	for name, unit := range map[string]string{
		"prose": string(prose), "SCSC": "SC", "SCAA": "SCAA", "public": docsPublic + ",",
		"base64": base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("seed and other words "), 30)),
	} {
		text := []byte(strings.Repeat(unit, 1+80_000/len(unit)))[:80_000]
		b.Run(fmt.Sprintf("80kB/%s", name), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				keys.FindSeeds(text)
			}
		})
	}
}

// FuzzFindSeeds: whatever surrounds a seed, nothing of it is shown; spans are in
// order, apart and within the text.
func FuzzFindSeeds(f *testing.F) {
	f.Add([]byte("seed: "), []byte("\n"), byte(0), byte(0))
	f.Add([]byte("SCAASCAB"), []byte("AAAA"), byte(3), byte(20))
	f.Add([]byte("U0NB"), []byte("=="), byte(5), byte(9))
	f.Fuzz(func(t *testing.T, before, after []byte, kind, breakAt byte) {
		seed, err := keys.Generate(keys.Kinds()[int(kind)%len(keys.Kinds())], rand.NewChaCha8([32]byte{kind, breakAt}))
		if err != nil {
			t.Fatal(err)
		}
		plain := seed.Reveal()
		text := bytes.Clone(before)
		text = append(text, plain...)
		text = append(text, after...)
		end := 0
		for _, span := range keys.FindSeeds(text) {
			if span.From < end || span.To <= span.From || span.To > len(text) {
				t.Fatalf("span %+v after %d, of %d", span, end, len(text))
			}
			end = span.To
		}
		masked := keys.Mask(string(text))
		if strings.Contains(masked, string(plain[4:])) || !keys.MayHoldSeed(text) {
			t.Fatalf("a seed between %q and %q is shown", before, after)
		}
	})
}
