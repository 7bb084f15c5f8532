package invocation_test

import (
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// Together, messages get the reports that each gets alone.
func TestTogetherAsAlone(t *testing.T) {
	t.Parallel()
	var messages [][]byte
	var issuers []string
	for _, v := range vectors(t) {
		messages = append(messages, v.bytes(t))
		issuers = append(issuers, v.Issuers...)
	}
	for range 2 { // with multiples of the issuer by now
		messages = append(messages, messages...)
	}
	messages = append(messages, nil, []byte{0xc1})
	for _, target := range invocation.Targets() {
		alone := invocation.NewVerifier(target, issuers, invocation.NewWindow(time.Hour, 100))
		together := invocation.NewVerifier(target, issuers, invocation.NewWindow(time.Hour, 100))
		for i, got := range together.VerifyAll(messages, judgedAt()) {
			if want := alone.Verify(messages[i], judgedAt()); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: message %d: %s by %+v, want %s by %+v", target, i, got.Verdict, got.First, want.Verdict, want.First)
			}
		}
	}
}

// Verifiers that share a window accept each call once between them.
func TestSharedWindow(t *testing.T) {
	t.Parallel()
	calls := manyCalls(t, 2, 50)
	first := invocation.NewVerifier(invocation.Strict, calls.issuers, invocation.NewWindow(time.Hour, 1000))
	var accepted atomic.Int32
	var wait sync.WaitGroup
	for range 4 {
		verifier := first.Share()
		wait.Go(func() {
			for _, report := range verifier.VerifyAll(calls.messages, judgedAt()) {
				if report.Verdict == invocation.Accepted {
					accepted.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if got := accepted.Load(); got != 50 {
		t.Errorf("%d of 4 times 50 calls accepted, want 50", got)
	}
}
