package keys_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// Many keys are those that one after the other would be, in that order,
// whatever the number of workers.
func TestGenerateManyKeepsTheOrder(t *testing.T) {
	t.Parallel()
	const n = 2500
	source := random(11)
	want := make([]keys.PublicKey, n)
	for i := range want {
		want[i] = mustGenerate(t, keys.Cluster, source).PublicKey()
	}
	for _, workers := range []int{0, 1, 2, 7} {
		i := 0
		err := keys.GenerateMany(t.Context(), keys.Cluster, n, workers, random(11), func(s keys.Seed) error {
			defer s.Wipe()
			if s.PublicKey() != want[i] {
				t.Fatalf("%d workers: key %d is another", workers, i)
			}
			i++
			return nil
		})
		if err != nil || i != n {
			t.Fatalf("%d workers: %d keys, %v", workers, i, err)
		}
	}
}

func TestGenerateManyStops(t *testing.T) {
	t.Parallel()
	var made []keys.Seed
	stop := errors.New("stop")
	err := keys.GenerateMany(t.Context(), keys.User, 100, 2, random(12), func(s keys.Seed) error {
		made = append(made, s)
		if len(made) == 10 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || len(made) != 10 {
		t.Errorf("%d keys, %v", len(made), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := keys.GenerateMany(ended, keys.User, 5, 1, random(12), func(keys.Seed) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	if err := keys.GenerateMany(t.Context(), keys.AnyKind, 5, 1, random(12), nil); err == nil {
		t.Error("keys of no kind")
	}
	if err := keys.GenerateMany(t.Context(), keys.User, 5, 1, strings.NewReader("x"), nil); err == nil {
		t.Error("keys from no randomness")
	}
}

func TestVanity(t *testing.T) {
	t.Parallel()
	for kind, text := range map[keys.Kind]string{keys.Cluster: "AB", keys.Server: "d2", keys.Module: "C", keys.Curve: "BA"} {
		v, err := keys.ParseVanity(kind, text)
		if err != nil {
			t.Fatal(err)
		}
		var tried atomic.Uint64
		seed, err := v.Search(t.Context(), 2, random(13), &tried)
		if err != nil || tried.Load() == 0 {
			t.Fatalf("%v %s: %v after %d", kind, text, err, tried.Load())
		}
		want := string(kind.Letter()) + strings.ToUpper(text)
		if public := seed.PublicKey().String(); !strings.HasPrefix(public, want) {
			t.Errorf("found %s, want %s…", public, want)
		}
		if back, err := keys.ParseSeed(bytes.Clone(seed.Reveal()), kind); err != nil || back.PublicKey() != seed.PublicKey() {
			t.Errorf("the seed found is not that of %s", seed.PublicKey())
		}
	}
}

func TestVanityTries(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"A": 4, "AB": 128, "ABC": 4096} {
		if v, err := keys.ParseVanity(keys.Cluster, text); err != nil || v.Tries() != want {
			t.Errorf("%s: %v tries, %v", text, v.Tries(), err)
		}
	}
}

func TestImpossibleVanityIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":              "no text",
		"WEB":           "only A, B, C and D can stand there",
		"E":             "as in AE",
		"A1":            `no key holds '1'`,
		"A B":           `no key holds ' '`,
		"Aé":            `no key holds 'É'`,
		"ABCDABCDABCDA": "12 at most",
	} {
		if _, err := keys.ParseVanity(keys.Cluster, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestVanitySearchEnds(t *testing.T) {
	t.Parallel()
	v, err := keys.ParseVanity(keys.Cluster, "ABCDEFGHIJKL")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var tried atomic.Uint64
	source := readerFunc(func(p []byte) (int, error) {
		if tried.Load() >= 100 {
			cancel()
		}
		return random(14).Read(p)
	})
	if seed, err := v.Search(ctx, 2, source, &tried); !errors.Is(err, context.Canceled) || !seed.IsZero() {
		t.Errorf("%v, %v", seed, err)
	}
	if _, err := v.Search(t.Context(), 2, strings.NewReader("x"), &tried); err == nil {
		t.Error("found a key without randomness")
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
