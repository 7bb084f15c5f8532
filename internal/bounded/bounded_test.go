package bounded_test

import (
	"context"
	"errors"
	"testing"

	"github.com/latch-keys/latch/internal/bounded"
)

func TestCall(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	got, err := bounded.Call(t.Context(), func() (int, error) { return 7, failed })
	if got != 7 || !errors.Is(err, failed) {
		t.Errorf("a call that ends: %d, %v", got, err)
	}
}

// TestLeftBehind: a call that hangs holds nobody, and the error says why.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	late := errors.New("late")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	expired, release := context.WithTimeoutCause(t.Context(), 0, late)
	defer release()
	for _, c := range []struct {
		ctx  context.Context
		want error
	}{{ended, context.Canceled}, {expired, late}} {
		hangs, back := make(chan struct{}), make(chan struct{})
		got, err := bounded.Call(c.ctx, func() (int, error) {
			<-hangs
			close(back)
			return 7, nil
		})
		if got != 0 || !errors.Is(err, c.want) {
			t.Errorf("a call that hangs: %d, %v, want %v", got, err, c.want)
		}
		close(hangs)
		<-back
	}
}

// TestFailsAsItEnds: what ended ctx is why a call failed then, whatever it says itself.
func TestFailsAsItEnds(t *testing.T) {
	t.Parallel()
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := bounded.Call(ctx, func() (int, error) {
			cancel()
			return 0, errors.New("use of closed connection")
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error is %v", err)
		}
	}
}
