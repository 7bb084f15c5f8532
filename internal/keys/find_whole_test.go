package keys_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// TestEachSeed: a whole seed is found in every spelling, wherever it stands, once.
func TestEachSeed(t *testing.T) {
	t.Parallel()
	wrong := docsSeed[:57] + "A" // the checksum's last bits
	if docsSeed[57] == 'A' {
		wrong = docsSeed[:57] + "B"
	}
	encoded := base64.StdEncoding.EncodeToString
	for name, c := range map[string]struct {
		text  string
		sound bool
	}{
		"alone":                     {docsSeed, true},
		"glued":                     {"SS" + docsSeed + "S", true},
		"in JSON":                   {`{"seed":"` + docsSeed + `"}`, true},
		"over lines":                {docsSeed[:1] + "\n" + docsSeed[1:20] + "\r\n  " + docsSeed[20:], false},
		"by escapes":                {docsSeed[:20] + `\n` + docsSeed[20:], false},
		"by letters of JSON":        {escapedLetters(docsSeed), true},
		"one letter of JSON":        {docsSeed[:9] + `\u00` + fmt.Sprintf("%02x", docsSeed[9]) + docsSeed[10:], true},
		"in UTF-16":                 {strings.Join(strings.Split(docsSeed, ""), "\x00"), false},
		"in small letters":          {"xs" + strings.ToLower(docsSeed) + "s", false},
		"a wrong checksum":          {"=" + wrong + "\n", false},
		"base64, first of 3":        {encoded([]byte(docsSeed)), true},
		"base64, second":            {encoded([]byte("x" + docsSeed)), true},
		"base64, third":             {encoded([]byte("xy" + docsSeed + "z")), true},
		"base64 over lines":         {encoded([]byte(docsSeed))[:1] + "\n" + encoded([]byte(docsSeed))[1:], true},
		"base64 of JSON":            {encoded([]byte(`{"WASMCLOUD_CLUSTER_SEED":"` + docsSeed + `"}`)), true},
		"base64, line ends of JSON": {strings.ReplaceAll(wrapped(docsSeed), "\n", `\n`), true},
		"base64, two of them":       {strings.ReplaceAll(wrapped(docsSeed), "\n", `\r\n    `), true},
		"base64 in UTF-16":          {wide(encoded([]byte(docsSeed))), true},
		"base64 in big UTF-16":      {"\x00" + wide(encoded([]byte("x" + docsSeed)))[:159], true},
		"base64 over lines, UTF-16": {wide(wrapped(docsSeed)), true},
		"escaped lines in UTF-16":   {wide(strings.ReplaceAll(wrapped(docsSeed), "\n", `\n`)), true},
		"small letters in UTF-16":   {wide(strings.ToLower(docsSeed)), false},
	} {
		text := []byte(strings.Repeat("prose, STUN and CSS7 ", 10) + c.text + strings.Repeat(" some more", 10))
		found := 0
		keys.EachSeed(text, func(seed keys.Seed, at keys.Span) {
			found++
			if seed.PublicKey().String() != docsPublic || at.Sound != c.sound || at.From < 210 || at.To > 210+len(c.text) {
				t.Errorf("%s: %s at %d to %d, sound: %t", name, seed.PublicKey(), at.From, at.To, at.Sound)
			}
		})
		if found != 1 {
			t.Errorf("%s: found %d times", name, found)
		}
	}
	for _, text := range []string{"", "S", docsPublic, docsSeed[:57], "x" + wrong, wrong + "y", "SU SC SA", strings.Repeat("S", 500), strings.Repeat("a", 500)} {
		keys.EachSeed([]byte(text), func(seed keys.Seed, at keys.Span) {
			t.Errorf("%s in a text of %d bytes at %d", seed.PublicKey(), len(text), at.From)
		})
	}
}

// wrapped is a text in base64 as GNU's base64 breaks its lines.
func wrapped(text string) string {
	whole := base64.StdEncoding.EncodeToString(append([]byte("name: x; seed: "), text...))
	return whole[:76] + "\n" + whole[76:]
}

// wide is a text in UTF-16, as PowerShell writes it.
func wide(text string) string { return strings.Join(strings.Split(text, ""), "\x00") + "\x00" }

// escapedLetters is a text as a cautious encoder of JSON writes it.
func escapedLetters(text string) string {
	var escaped strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&escaped, `\u%04X`, text[i])
	}
	return escaped.String()
}

// TestEachSeedAgrees: it finds every sound seed that FindSeeds finds.
func TestEachSeedAgrees(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var text []byte
		for range chance.IntN(8) {
			text = append(text, []string{docsSeed, "S", "\n", "word ", docsPublic, base64.StdEncoding.EncodeToString([]byte(" " + docsSeed)), strings.ToLower(docsSeed), "7"}[chance.IntN(8)]...)
		}
		sound := map[int]bool{}
		for _, span := range keys.FindSeeds(text) {
			if span.Sound {
				sound[span.To] = true
			}
		}
		keys.EachSeed(text, func(_ keys.Seed, at keys.Span) { delete(sound, at.To) })
		if len(sound) > 0 {
			t.Fatalf("%d sound seeds of %q were passed over", len(sound), strings.ReplaceAll(string(text), docsSeed, "(the seed)"))
		}
	}
}

// BenchmarkEachSeed reads Go code, this package's own.
func BenchmarkEachSeed(b *testing.B) {
	code, err := os.ReadFile("find.go")
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(strings.Repeat(string(code), 1000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		keys.EachSeed(text, func(keys.Seed, keys.Span) { b.Error("a seed in the code") })
	}
}
