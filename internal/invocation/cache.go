package invocation

import "github.com/latch-keys/latch/internal/keys"

// cache keeps keys as they were read: a lattice has few, and many calls.
type cache[K any] struct {
	read  func(text string) (K, error)
	known map[string]cached[K]
}

type cached[K any] struct {
	key K
	err error
}

// A cache is bounded, since whoever sends can invent keys.
const (
	mostCached    = 4096 // keys
	longestCached = 64   // characters
)

func newCache[K any](read func(string) (K, error)) cache[K] {
	return cache[K]{read, map[string]cached[K]{}}
}

func (c cache[K]) parse(text string) (K, error) {
	if known, ok := c.known[text]; ok {
		return known.key, known.err
	}
	key, err := c.read(text)
	if len(text) > longestCached {
		return key, err
	}
	if len(c.known) >= mostCached {
		clear(c.known)
	}
	c.known[text] = cached[K]{key, err}
	return key, err
}

// soundKey reads a key as latch reads them.
func soundKey(text string) (keys.PublicKey, error) { return keys.ParsePublicKey(text, keys.AnyKind) }
