package lattice

import (
	"errors"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// leaks reports whether text holds a part of the secret long enough to matter,
// in either case.
func leaks(text, secret string) bool {
	text, secret = strings.ToUpper(text), strings.ToUpper(secret)
	for i := 0; i+10 <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+10]) {
			return true
		}
	}
	return false
}

func TestDecodeFindsSeedsAndNeverRepeatsThem(t *testing.T) {
	t.Parallel()
	seed := string(testSeed(9).Reveal())
	places := map[string]string{
		"as a public key": strings.Replace(sample, "KEY1", "SEED", 1),
		"as a name":       strings.Replace(sample, "web-1", "SEED", 1),
		"as a prefix":     strings.Replace(sample, "prod", "SEED", 1),
		"in a URI":        strings.Replace(sample, "dir:k", "dir:SEED", 1),
		"as a field":      strings.Replace(sample, "keystore", "SEED", 1),
		"in a comment":    strings.Replace(sample, "the first", "seed=SEED", 1),
		"at the end":      sample + "# SEED",
		"in quotes":       strings.Replace(sample, "web-1", `"SEED"`, 1),
		"as an alias":     strings.Replace(sample, "web-1", "*SEED", 1),
		"within a word":   strings.Replace(sample, "web-1", "xxSEEDyy", 1),
	}
	spellings := map[string]string{
		"whole":          seed,
		"lower case":     strings.ToLower(seed),
		"last missing":   seed[:len(seed)-1],
		"look-alike":     seed[:30] + "0" + seed[31:],
		"one changed":    seed[:30] + other(seed[30]) + seed[31:],
		"one doubled":    seed[:30] + seed[29:],
		"another string": seed[:len(seed)-1] + other(seed[len(seed)-1]),
	}
	for place, layout := range places {
		for spelling, secret := range spellings {
			if place == "within a word" && spelling != "whole" && spelling != "lower case" {
				continue
			}
			t.Run(place+"/"+spelling, func(t *testing.T) {
				t.Parallel()
				_, err := Decode("lattice.yaml", []byte(fill(strings.Replace(layout, "SEED", secret, 1))))
				if !errors.Is(err, ErrExposedSeed) {
					t.Fatalf("not found: %v", err)
				}
				var errs Errors
				if errors.As(err, &errs); !strings.Contains(errs.Hint(), "exposed") {
					t.Errorf("got the hint %q", errs.Hint())
				}
				if leaks(err.Error()+errs.Hint(), secret) {
					t.Error("the error repeats the seed")
				}
			})
		}
	}
}

func other(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

func TestDecodeSaysWhereTheSeedsAre(t *testing.T) {
	t.Parallel()
	one, two := string(testSeed(1).Reveal()), string(testSeed(2).Reveal())
	_, err := Decode("m.yaml", []byte("# é "+one+"\n\n  "+one+two+"\n"))
	for i, want := range []string{"m.yaml:1:5: ", "m.yaml:3:3: ", "m.yaml:3:61: "} {
		if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[i], want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDecodeFindsSeedsSpelledWithEscapes(t *testing.T) {
	t.Parallel()
	seed := string(testSeed(9).Reveal())
	text := fill(strings.Replace(sample, "web-1", `"\x53`+seed[1:]+`"`, 1))
	_, err := Decode("lattice.yaml", []byte(text))
	if !errors.Is(err, ErrExposedSeed) || leaks(err.Error(), seed) {
		t.Errorf("got %v", err)
	}
}

func TestNamesAreNoSeeds(t *testing.T) {
	t.Parallel()
	seed := string(testSeed(9).Reveal())
	for _, secret := range []string{seed, strings.ToLower(seed), seed[:57], "x." + seed} {
		for _, err := range []error{CheckName(secret), CheckPrefix(strings.ReplaceAll(secret, ".", "-"))} {
			if !errors.Is(err, ErrExposedSeed) || leaks(err.Error(), seed) {
				t.Errorf("got %v", err)
			}
		}
	}
}

func TestOtherLongWordsAreNoSeeds(t *testing.T) {
	t.Parallel()
	for _, word := range []string{
		testKey(1).String(),
		"sha256:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456",
		"eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0eyJqdGkiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwiaWF0IjoxNzAwM",
		"SAY" + strings.Repeat("A", keys.SeedLength+8),
	} {
		if keys.MayHoldSeed("# " + word + "\n") {
			t.Errorf("taken for a seed: %s", word)
		}
	}
}

func TestShownHidesLongWords(t *testing.T) {
	t.Parallel()
	seed := string(testSeed(9).Reveal())
	for _, text := range []string{seed, seed[:40], "/" + seed[20:] + "\n", strings.Repeat("x ", 50) + seed} {
		if got := shown(text); leaks(got, seed) {
			t.Errorf("shows %s", got)
		}
	}
	if got := shown("a b\n"); got != `"a b\n"` {
		t.Errorf("got %s", got)
	}
}
