package tap_test

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/tap"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// sender is a host that makes calls.
type sender struct {
	id     string
	signer keys.Signer
}

func newSender(t testing.TB, signer keys.Signer) sender {
	t.Helper()
	return sender{natstest.Key(t, keys.Server).PublicKey().String(), signer}
}

func newSigner(t testing.TB) keys.Signer {
	t.Helper()
	signer, err := natstest.Key(t, keys.Cluster).Signer()
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// call is a signed call as it travels.
func (s sender) call(t testing.TB, edits ...func(*invocation.Message)) []byte {
	t.Helper()
	id, err := invocation.NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	length := uint64(4)
	m := invocation.Message{
		Origin: invocation.Entity{PublicKey: "MDNX3CB6VBXG55GOJ6UYON7AMK6SLYPB6GLPRZGTEE6625EFLJDQKWWR"},
		Target: invocation.Entity{PublicKey: "VC3IJSRK3KIJUD5PQIEU2UNWT4PQCRYTAXFC4PDLTCMDX7L77YRUGCXW", ContractID: "wasmcloud:tester", LinkName: "default"},
		ID:     id, HostID: s.id, Operation: "Tester.Call", Msg: []byte("ping"), ContentLength: &length,
	}
	claims := invocation.NewClaims(m, s.signer.PublicKey().String(), strings.Repeat("A", 22), 1700000000)
	if m.Claims, err = invocation.Sign(claims, s.signer); err != nil {
		t.Fatal(err)
	}
	for _, edit := range edits {
		edit(&m)
	}
	data, err := invocation.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func options(issuers ...string) tap.Options {
	return tap.Options{
		Verifier: invocation.NewVerifier(invocation.Rust, issuers, nil), Workers: 2, Queue: 1000, Now: time.Now,
	}
}

const subject = "wasmbus.rpc.prod.VC3IJSRK3KIJUD5PQIEU2UNWT4PQCRYTAXFC4PDLTCMDX7L77YRUGCXW.default"

// Over a real server, every call is counted by who signed it and by its verdict,
// and what is no call is counted apart.
func TestTotals(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	listening, calling := server.Connect(t, natsconn.Login{}), server.Connect(t, natsconn.Login{})
	known, stranger := newSender(t, newSigner(t)), newSender(t, newSigner(t))
	var shown []tap.Call
	o := options(known.signer.PublicKey().String())
	o.Each = func(c tap.Call) { shown = append(shown, c) }
	listener := tap.Start(o)
	watch, err := listening.Watch(t.Context(), wasmcloud.RPCSubjects("prod"), func(on string, data []byte) {
		if wasmcloud.IsCall("prod", on) {
			listener.Take(on, data)
		} else {
			listener.TakeOther()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(on string, data []byte, times int) {
		for range times {
			if err := calling.Publish(on, data); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(subject, known.call(t), 5)
	send(subject, known.call(t, func(m *invocation.Message) { m.Msg = []byte("pong") }), 3)
	send(subject, known.call(t, func(m *invocation.Message) { m.Claims = m.Claims[:len(m.Claims)-10] + "AAAAAAAAAA" }), 2)
	send("wasmbus.rpc.prod.MDNX3CB6VBXG55GOJ6UYON7AMK6SLYPB6GLPRZGTEE6625EFLJDQKWWR", stranger.call(t), 4)
	send(subject, []byte("garbage"), 1)
	send(subject+".health", []byte{0x80}, 6)
	send("wasmbus.rpc.other.X", known.call(t), 7) // another lattice
	if err := calling.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := listening.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, func() bool { return listener.Totals().Received == 15 && listener.Totals().Others == 6 })
	watch.Stop()
	listener.Close()
	got := listener.Totals()
	if got.Judged != 15 || got.Dropped != 0 || watch.Dropped() != 0 {
		t.Errorf("%d judged, %d dropped", got.Judged, got.Dropped)
	}
	want := map[string]string{
		known.signer.PublicKey().String():    "8 calls, 5 accepted, 3 refused",
		stranger.signer.PublicKey().String(): "4 calls, 0 accepted, 4 refused",
		"":                                   "3 calls, 0 accepted, 2 refused",
	}
	for _, row := range got.Issuers {
		text := fmt.Sprintf("%d calls, %d accepted, %d refused", row.Calls, row.Verdicts[invocation.Accepted], row.Verdicts[invocation.Refused])
		if text != want[row.Issuer] {
			t.Errorf("%q: %s, want %s", row.Issuer, text, want[row.Issuer])
		}
		delete(want, row.Issuer)
	}
	if len(want) > 0 || len(shown) != 15 {
		t.Errorf("not counted: %v; %d calls were told of", want, len(shown))
	}
}

// await polls until it holds.
func await(t *testing.T, holds func() bool) {
	t.Helper()
	for begun := time.Now(); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatal("that did not happen in 30 seconds")
		}
	}
}

// What cannot wait is dropped, at once, and every message is accounted for.
func TestDropsAreCounted(t *testing.T) {
	t.Parallel()
	known := newSender(t, newSigner(t))
	o := options(known.signer.PublicKey().String())
	o.Queue, o.Workers = 10, 1
	o.Signers = map[string]int{known.signer.PublicKey().String(): 1}
	stuck := make(chan struct{})
	o.Each = func(tap.Call) { <-stuck }
	listener := tap.Start(o)
	message := known.call(t)
	for range 500 {
		listener.Take(subject, message)
	}
	got := listener.Totals()
	if got.Received != 500 || got.Dropped < 500-10-65 {
		t.Errorf("%d received, %d dropped while nobody judged", got.Received, got.Dropped)
	}
	close(stuck)
	listener.Dropped(20) // by whoever handed in
	listener.Close()
	listener.Take(subject, message) // too late to be heard
	got = listener.Totals()
	if got.Received != 520 || got.Judged+got.Dropped != 520 {
		t.Errorf("%d received, %d judged, %d dropped", got.Received, got.Judged, got.Dropped)
	}
	if q := listener.Quiet(); q.Known() || q.Why != "calls were dropped" {
		t.Errorf("after drops, silence is known: %+v", q)
	}
}

// Of a call that was judged nothing is kept but who signed it, however large it is and
// however many keys sign. Not parallel: it looks at all memory.
func TestNothingIsKeptOfCalls(t *testing.T) {
	const calls, size = 60, 256 << 10
	listener := tap.Start(options(newSigner(t).PublicKey().String()))
	defer listener.Close()
	before := heap()
	for judged := range uint64(calls) {
		signer := newSigner(t)
		listener.Take(subject, newSender(t, signer).call(t, func(m *invocation.Message) {
			claims := invocation.NewClaims(*m, signer.PublicKey().String(), strings.Repeat("A", size), 1700000000)
			var err error
			if m.Claims, err = invocation.Sign(claims, signer); err != nil {
				t.Fatal(err)
			}
		}))
		settle(listener, judged+1)
	}
	if kept := int64(heap()) - int64(before); kept > calls*size/4 {
		t.Errorf("%d bytes are kept of %d calls of %d", kept, calls, size)
	}
	if n := len(listener.Totals().Issuers); n != calls {
		t.Errorf("%d keys are told apart, of %d", n, calls)
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first one could not free yet
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(second int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = time.Unix(int64(1_800_000_000+second), 0)
}

// The silence of an old key is known only where all was heard, and some of every
// host that is to be heard.
func TestQuiet(t *testing.T) {
	t.Parallel()
	fresh, old := newSigner(t), newSigner(t)
	a, b := newSender(t, fresh), newSender(t, fresh)
	late := newSender(t, old)
	forged := func(m *invocation.Message) { m.Claims = m.Claims[:len(m.Claims)-10] + "AAAAAAAAAA" }
	for name, c := range map[string]struct {
		do      func(l *tap.Tap, at func(second int))
		since   int // when the silence began; -1 where it is not known
		because string
	}{
		"both heard":   {func(l *tap.Tap, at func(int)) { at(5); l.Take(subject, a.call(t)); l.Take(subject, b.call(t)) }, 0, ""},
		"nobody heard": {func(*tap.Tap, func(int)) {}, -1, "from 0 of 2 hosts"},
		"one heard":    {func(l *tap.Tap, at func(int)) { at(5); l.Take(subject, a.call(t)); l.Take(subject, a.call(t)) }, -1, "from 1 of 2 hosts"},
		"the old one too": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			at(6)
			l.Take(subject, late.call(t))
		}, -1, "from 0 of 2 hosts"},
		"the old one once": {func(l *tap.Tap, at func(int)) {
			at(6)
			l.Take(subject, late.call(t))
			at(7)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
		}, 6, ""},
		"the old one just now": {func(l *tap.Tap, at func(int)) {
			at(10)
			l.Take(subject, late.call(t))
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
		}, -1, "an old key, less than a second ago"},
		"in its name": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			at(6)
			l.Take(subject, late.call(t, forged))
		}, 0, ""},
		"unreadable": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			at(6)
			l.Take(subject, []byte("x"))
		}, -1, "from 0 of 2 hosts"},
		"deaf": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			settle(l, 2)
			at(6)
			l.Deaf("gone")
		}, -1, "from 0 of 2 hosts"},
		"deaf before": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Deaf("gone")
			at(6)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
		}, 5, ""},
		"dropped": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			settle(l, 2)
			at(6)
			l.Dropped(1)
		}, -1, "from 0 of 2 hosts"},
		"a nil for it": {func(l *tap.Tap, at func(int)) {
			at(5)
			l.Take(subject, a.call(t))
			l.Take(subject, b.call(t))
			at(6)
			l.Take(subject, withoutTrace(late.call(t)))
		}, -1, "from 0 of 2 hosts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now clock
			now.set(0)
			o := options(fresh.PublicKey().String(), old.PublicKey().String())
			o.Workers, o.Now = 1, now.now
			o.Old, o.Signers = []string{old.PublicKey().String()}, map[string]int{fresh.PublicKey().String(): 2}
			l := tap.Start(o)
			l.Begin()
			c.do(l, now.set)
			l.Close()
			now.set(10)
			q := l.Quiet()
			switch {
			case c.since < 0 && (q.Known() || !strings.Contains(strings.Join(q.Unknown, "; "), c.because)):
				t.Errorf("known %t, because %q, want %q", q.Known(), q.Unknown, c.because)
			case c.since >= 0 && (!q.Known() || q.Since.Unix() != int64(1_800_000_000+c.since) || q.Until.Unix() != 1_800_000_010):
				t.Errorf("%+v, want silence since second %d", q, c.since)
			}
		})
	}
}

// settle waits until so many calls are judged.
func settle(l *tap.Tap, judged uint64) {
	for l.Totals().Judged < judged {
		time.Sleep(time.Millisecond)
	}
}

// withoutTrace writes nil in the place of the trace context, as the Go provider
// SDK does, which Rust hosts cannot read.
func withoutTrace(data []byte) []byte {
	changed := slices.Clone(data)
	changed[len(changed)-1] = 0xc0
	return changed
}

// BenchmarkTap is calls of three issuers through a server in the same process,
// published as fast as that goes: how many are judged in a second, and how many
// are dropped.
func BenchmarkTap(b *testing.B) {
	server := natstest.Start(b)
	listening, calling := server.Connect(b, natsconn.Login{}), server.Connect(b, natsconn.Login{})
	var issuers []string
	var messages [][]byte
	for range 3 {
		s := newSender(b, newSigner(b))
		issuers = append(issuers, s.signer.PublicKey().String())
		for range 100 {
			messages = append(messages, s.call(b))
		}
	}
	o := options(issuers...)
	o.Queue = 100_000
	listener := tap.Start(o)
	watch, err := listening.Watch(b.Context(), wasmcloud.RPCSubjects("prod"), listener.Take)
	if err != nil {
		b.Fatal(err)
	}
	const turn = 20_000
	begun := time.Now()
	for b.Loop() {
		for i := range turn {
			if err := calling.Publish(subject, messages[i%len(messages)]); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := calling.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	sent := uint64(b.N) * turn
	for listener.Totals().Judged+listener.Totals().Dropped+uint64(watch.Dropped()) < sent {
		time.Sleep(time.Millisecond)
	}
	seconds := time.Since(begun).Seconds()
	totals := listener.Totals()
	b.ReportMetric(float64(totals.Judged)/seconds, "judged/s")
	b.ReportMetric(float64(totals.Dropped+uint64(watch.Dropped()))/float64(sent), "dropped/sent")
	b.ReportMetric(0, "ns/op")
}
