package invocation_test

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// call is a signed invocation with an id of its own.
func call(t testing.TB, id string) invocation.Message {
	t.Helper()
	m := sample(t)
	m.ID = id
	seed := clusterSeed(t)
	token, err := invocation.Sign(invocation.NewClaims(m, seed.PublicKey().String(), "jti-"+id, 1700000000), seed)
	if err != nil {
		t.Fatal(err)
	}
	m.Claims = token
	return m
}

func strictWith(t testing.TB, window *invocation.Window) *invocation.Verifier {
	t.Helper()
	return invocation.NewVerifier(invocation.Strict, []string{clusterSeed(t).PublicKey().String()}, window)
}

// failed names the check that refused, "" for none.
func failed(r invocation.Report) string {
	if r.First == nil {
		return ""
	}
	return r.First.Name
}

func TestReplayIsRefused(t *testing.T) {
	t.Parallel()
	v, now := strictWith(t, invocation.NewWindow(time.Minute, 10)), judgedAt()
	m := call(t, "a")
	for i, step := range []struct {
		message invocation.Message
		at      time.Duration
		want    string
	}{
		{m, 0, ""},
		{m, time.Second, "replay"},
		{call(t, "b"), 2 * time.Second, ""},
		{m, time.Minute, "replay"},                 // a minute after, to the second
		{m, time.Minute + time.Second, ""},         // forgotten by now
		{m, time.Minute + 2*time.Second, "replay"}, // and remembered anew
	} {
		if got := failed(v.VerifyMessage(step.message, now.Add(step.at))); got != step.want {
			t.Errorf("step %d: refused by %q, want %q", i, got, step.want)
		}
	}
}

// A forgery must not spend the id of the call it copies.
func TestForgeryDoesNotSpendTheID(t *testing.T) {
	t.Parallel()
	v, m := strictWith(t, invocation.NewWindow(time.Minute, 10)), call(t, "a")
	forged := m
	forged.Msg = []byte("other")
	if got := failed(v.VerifyMessage(forged, judgedAt())); got == "" || got == "replay" {
		t.Fatalf("the forgery was refused by %q", got)
	}
	if got := failed(v.VerifyMessage(m, judgedAt())); got != "" {
		t.Errorf("the genuine call was refused by %q", got)
	}
}

// One signature has sixteen spellings in base64url, and line breaks would make
// more: strict takes one.
func TestOneSpellingOfASignature(t *testing.T) {
	t.Parallel()
	m := sample(t)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, m.Claims[len(m.Claims)-1])
	taken := 0
	for spare := range 16 {
		spelled := m
		spelled.Claims = m.Claims[:len(m.Claims)-1] + string(alphabet[last&^15|spare])
		if _, err := base64.RawURLEncoding.DecodeString(spelled.Claims[strings.LastIndexByte(spelled.Claims, '.')+1:]); err != nil {
			t.Fatal(err)
		}
		if failed(strictWith(t, nil).VerifyMessage(spelled, judgedAt())) == "" {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%d of 16 spellings were taken", taken)
	}
	broken := m
	broken.Claims = m.Claims[:10] + "\n" + m.Claims[10:]
	if got := failed(strictWith(t, nil).VerifyMessage(broken, judgedAt())); got != "header" {
		t.Errorf("a line break was refused by %q", got)
	}
}

// A full window forgets the oldest first, and says since when it is whole.
func TestFullWindow(t *testing.T) {
	t.Parallel()
	window := invocation.NewWindow(time.Hour, 3)
	v, now := strictWith(t, window), judgedAt()
	for i := range 3 {
		v.VerifyMessage(call(t, fmt.Sprint(i)), now.Add(time.Duration(i)*time.Second))
	}
	if !window.Blind().IsZero() {
		t.Error("nothing was forgotten yet")
	}
	v.VerifyMessage(call(t, "3"), now.Add(3*time.Second))
	if window.Len() != 3 || !window.Blind().Equal(now) {
		t.Errorf("%d remembered, blind up to %v", window.Len(), window.Blind())
	}
	for id, want := range map[string]string{"0": "", "3": "replay"} {
		if got := failed(v.VerifyMessage(call(t, id), now.Add(4*time.Second))); got != want {
			t.Errorf("%s: refused by %q, want %q", id, got, want)
		}
	}
}

// BenchmarkWindow states the memory of a remembered invocation.
func BenchmarkWindow(b *testing.B) {
	window := invocation.NewWindow(time.Hour, 1<<30)
	m := sample(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		n++
		m.ID, m.Claims = fmt.Sprint(n), fmt.Sprintf("header.%d.", n)
		window.Admit(m, judgedAt())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/invocation")
	runtime.KeepAlive(window)
}
