package invocation

import (
	"crypto/sha256"
	"sync"
	"time"
)

// Window remembers invocations for a time, and a number of them at most, so that
// a replay is recognised: the same id, or the same signed text and signature
// under whatever spelling. It holds digests only, about 300 bytes for each
// invocation. A Window is safe for concurrent use.
type Window struct {
	mu      sync.Mutex
	span    time.Duration
	most    int
	ids     map[digest]time.Time
	tokens  map[digest]time.Time
	order   []remembered // oldest first, from next on in a ring
	next    int
	evicted time.Time // when the newest of those forgotten for room was seen
}

type digest = [sha256.Size]byte

type remembered struct{ id, token digest }

// NewWindow remembers each invocation for span, and most of them at the most.
func NewWindow(span time.Duration, most int) *Window {
	return &Window{span: span, most: max(most, 1), ids: map[digest]time.Time{}, tokens: map[digest]time.Time{}}
}

// Replay is what a Window recognised.
type Replay struct {
	What  string    // "id" or "token"
	First time.Time // when it was first seen
}

// Admit remembers an invocation, or tells that it was seen before. It does not
// judge it: what is forged must not be admitted.
func (w *Window) Admit(m Message, now time.Time) (Replay, bool) {
	return w.admit(sha256.Sum256([]byte(m.ID)), tokenDigest(takeApart(m.Claims, decodeSegment)), now)
}

func (w *Window) admit(id, token digest, now time.Time) (Replay, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forget(now)
	entry := remembered{id, token}
	if first, seen := w.tokens[entry.token]; seen {
		return Replay{"token", first}, true
	}
	if first, seen := w.ids[entry.id]; seen {
		return Replay{"id", first}, true
	}
	if len(w.ids) >= w.most {
		w.evicted = w.ids[w.order[w.next].id]
		w.drop()
	}
	w.ids[entry.id], w.tokens[entry.token] = now, now
	w.order = append(w.order, entry)
	return Replay{}, false
}

// tokenDigest is over what is signed and the signature as bytes: base64url spells
// one signature in sixteen ways.
func tokenDigest(t token) digest {
	return sha256.Sum256(append(append([]byte(t.signed()), '.'), t.signature...))
}

// forget drops what is older than the span.
func (w *Window) forget(now time.Time) {
	for w.next < len(w.order) && now.Sub(w.ids[w.order[w.next].id]) > w.span {
		w.drop()
	}
}

// drop forgets the oldest, and gives the room back now and then.
func (w *Window) drop() {
	oldest := w.order[w.next]
	delete(w.ids, oldest.id)
	delete(w.tokens, oldest.token)
	w.next++
	if w.next > len(w.order)/2 {
		w.order = append([]remembered(nil), w.order[w.next:]...)
		w.next = 0
	}
}

// Len is how many invocations are remembered.
func (w *Window) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ids)
}

// Blind is the time up to which invocations were forgotten for want of room,
// though their time had not passed: a replay of those is not recognised. Zero
// where that never happened.
func (w *Window) Blind() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.evicted
}
