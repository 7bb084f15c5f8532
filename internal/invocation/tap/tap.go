package tap

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// Options say what is judged, and how.
type Options struct {
	Verifier *invocation.Verifier
	Workers  int // goroutines that judge
	// Queue is how many messages may wait to be judged; their bytes are bounded too.
	Queue int
	Now   func() time.Time

	// Old are the public keys that are to fall silent, and Signers those that are to
	// be heard, with how many senders each is to be heard from.
	Old     []string
	Signers map[string]int

	// Each is told of every call that was judged, from one goroutine at a time; nil
	// for nobody. While it takes its time, messages wait.
	Each func(Call)
}

// Call is one that was judged.
type Call struct {
	At      time.Time
	Subject string
	Bytes   int // of the message
	Signer  string
	invocation.Report
}

// Tap judges calls. It never blocks who hands them in: what there is no room for
// is dropped, and counted.
type Tap struct {
	o       Options
	queue   chan heard
	heard   atomic.Uint64 // messages, those that wait among them
	waiting atomic.Int64  // bytes
	done    sync.WaitGroup

	closing sync.RWMutex // held for reading while a message is handed in
	closed  bool

	mu     sync.Mutex
	totals Totals
	quiet  listening

	telling sync.Mutex // held while Each is told
}

// heard is a message that waits to be judged.
type heard struct {
	at      time.Time
	subject string
	data    []byte
}

const (
	// mostBytes bounds the messages that wait.
	mostBytes = 256 << 20
	// atOnce is how many are judged together.
	atOnce = 64
)

// Start begins to judge.
func Start(o Options) *Tap {
	t := &Tap{o: o, queue: make(chan heard, o.Queue), totals: newTotals()}
	t.quiet = newListening(o)
	for range max(1, o.Workers) {
		verifier := o.Verifier.Share()
		t.done.Go(func() { t.work(verifier) })
	}
	return t
}

// Take hands in a message that was heard on a subject of calls. The bytes are the
// tap's from then on.
func (t *Tap) Take(subject string, data []byte) {
	t.closing.RLock()
	defer t.closing.RUnlock()
	if t.closed {
		return
	}
	at := t.o.Now()
	t.heard.Add(1)
	if t.waiting.Add(int64(len(data))) <= mostBytes {
		select {
		case t.queue <- heard{at, subject, data}:
			return
		default:
		}
	}
	t.waiting.Add(-int64(len(data)))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.totals.Dropped++
	t.quiet.interrupt(at, "calls were dropped")
}

// TakeOther counts a message that is no call.
func (t *Tap) TakeOther() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.totals.Others++
}

// Dropped tells of messages in all that were lost before they could be handed in.
func (t *Tap) Dropped(before int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if more := uint64(before) - t.totals.lostBefore; more > 0 {
		t.totals.lostBefore += more
		t.heard.Add(more)
		t.totals.Dropped += more
		t.quiet.interrupt(t.o.Now(), "calls were dropped")
	}
}

// Deaf tells that nothing could be heard until now.
func (t *Tap) Deaf(why string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.totals.Interruptions++
	t.quiet.interrupt(t.o.Now(), why)
}

// Begin tells that from now on everything is heard.
func (t *Tap) Begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.quiet.interrupt(t.o.Now(), "")
}

// Close judges what waits, and ends. What is handed in later is not heard.
func (t *Tap) Close() {
	t.closing.Lock()
	if !t.closed {
		t.closed = true
		close(t.queue)
	}
	t.closing.Unlock()
	t.done.Wait()
}

// Totals are what was heard and judged so far.
func (t *Tap) Totals() Totals {
	t.mu.Lock()
	defer t.mu.Unlock()
	totals := t.totals.clone()
	totals.Received = t.heard.Load()
	return totals
}

// Quiet is what is known of the silence of the old keys.
func (t *Tap) Quiet() Quiet {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.quiet.at(t.o.Now())
}

// work judges what waits, as much together as there is.
func (t *Tap) work(v *invocation.Verifier) {
	lenient := invocation.NewVerifier(invocation.OTP, nil, nil)
	batch := make([]heard, 0, atOnce)
	for first := range t.queue {
		batch = append(batch[:0], first)
	more:
		for len(batch) < atOnce {
			select {
			case next, open := <-t.queue:
				if !open {
					break more
				}
				batch = append(batch, next)
			default:
				break more
			}
		}
		t.judge(v, lenient, batch)
	}
}

func (t *Tap) judge(v, lenient *invocation.Verifier, batch []heard) {
	messages := make([][]byte, len(batch))
	for i, h := range batch {
		messages[i] = h.data
	}
	calls := make([]Call, len(batch))
	for i, report := range v.VerifyAll(messages, batch[0].at) {
		h := batch[i]
		calls[i] = Call{At: h.at, Subject: h.subject, Bytes: len(h.data), Report: report}
		signed := report
		if report.Verdict == invocation.Undecodable { // by this verifier; it was sent all the same
			signed = lenient.Verify(h.data, h.at)
		}
		calls[i].Signer = signed.Signer()
		t.waiting.Add(-int64(len(h.data)))
	}
	t.count(calls)
	if t.o.Each == nil {
		return
	}
	t.telling.Lock()
	defer t.telling.Unlock()
	for _, c := range calls {
		t.o.Each(c)
	}
}

func (t *Tap) count(calls []Call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range calls {
		t.totals.count(c)
		t.quiet.hear(c)
	}
}
