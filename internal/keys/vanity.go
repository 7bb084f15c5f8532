package keys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Vanity is a text that is to follow the letter of a public key: with WAVE the
// key is C?WAVE… only where the second character can be W, which it cannot. See
// ParseVanity.
type Vanity struct {
	kind Kind
	text string
	// The first bits of the raw key, and how many count.
	want [32]byte
	bits int
}

// secondLetters are all that can follow a key's letter: of its five bits three
// are the last of the kind's byte, which are zero.
const secondLetters = "ABCD"

// longestVanity keeps the search within the age of the universe by some margin.
const longestVanity = 12

// ParseVanity judges whether keys of the kind can have text right after their
// letter. The error says at once what is impossible, and why.
func ParseVanity(kind Kind, text string) (Vanity, error) {
	upper := strings.ToUpper(text)
	v := Vanity{kind: kind, text: upper}
	switch {
	case upper == "":
		return v, errors.New("there is no text to search for")
	case len(upper) > longestVanity:
		return v, fmt.Errorf("%d characters would take forever: %d at most", len(upper), longestVanity)
	}
	for _, r := range upper {
		if r >= utf8.RuneSelf || values[r] == invalid {
			return v, fmt.Errorf("no key holds %q: the alphabet is A-Z 2-7", r)
		}
	}
	if !strings.Contains(secondLetters, upper[:1]) {
		return v, fmt.Errorf("no %s key has %q as its second character: only A, B, C and D can stand there, as in %s", kind, upper[0], "A"+upper)
	}
	v.set()
	return v, nil
}

// set lays the text's bits out as they stand in the raw key. The first character
// has but two bits there.
func (v *Vanity) set() {
	put := func(value byte, width int) {
		for b := width - 1; b >= 0; b-- {
			v.want[v.bits/8] |= (value >> b & 1) << (7 - v.bits%8)
			v.bits++
		}
	}
	put(values[v.text[0]], 2)
	for i := 1; i < len(v.text); i++ {
		put(values[v.text[i]], 5)
	}
}

// Tries is how many keys it takes on average.
func (v Vanity) Tries() float64 { return math.Pow(2, float64(v.bits)) }

func (v Vanity) matches(raw *[32]byte) bool {
	whole := v.bits / 8
	for i := range whole {
		if raw[i] != v.want[i] {
			return false
		}
	}
	mask := byte(0xff) << (8 - v.bits%8)
	return raw[whole]&mask == v.want[whole]&mask
}

// Search makes keys on as many goroutines as workers says until one matches that
// hosts can read.
// tried counts them, for whoever shows progress. It ends with ctx.
func (v Vanity) Search(ctx context.Context, workers int, random io.Reader, tried *atomic.Uint64) (Seed, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	source := &sharedReader{from: random}
	results := make(chan result, workers)
	for range workers {
		go func() {
			seed, err := v.search(ctx, source, tried)
			results <- result{seed, err}
			stop()
		}()
	}
	var found Seed
	var failed error
	for range workers {
		switch r := <-results; {
		case r.err == nil && found.IsZero():
			found = r.seed
		case r.err == nil:
			r.seed.Wipe()
		case failed == nil:
			failed = r.err
		}
	}
	if !found.IsZero() {
		return found, nil
	}
	return Seed{}, failed
}

type result struct {
	seed Seed
	err  error
}

func (v Vanity) search(ctx context.Context, random io.Reader, tried *atomic.Uint64) (Seed, error) {
	var payloads [stretch][32]byte
	var publics [stretch]PublicKey
	defer clear(payloads[:])
	for ctx.Err() == nil {
		if err := fill(payloads[:], random); err != nil {
			return Seed{}, err
		}
		deriveAll(v.kind, payloads[:], publics[:])
		tried.Add(stretch)
		for i := range publics {
			if !v.matches(&publics[i].raw) {
				continue
			}
			seed := seedOf(&payloads[i], publics[i])
			if seed.acceptable() {
				return seed, nil
			}
			seed.Wipe()
		}
	}
	return Seed{}, ctx.Err()
}

// sharedReader lets goroutines read from one source.
type sharedReader struct {
	mutex sync.Mutex
	from  io.Reader
}

func (s *sharedReader) Read(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.from.Read(p)
}
