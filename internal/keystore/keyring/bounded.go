package keyring

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// patience is what is left of it with a keyring: none, once a call has hung. All
// calls of a command together then take hardly longer than the one that did.
type patience struct{ lost atomic.Pointer[Error] }

// patiently is bounded for as long as there is patience.
func patiently[T any](ctx context.Context, p *patience, limit time.Duration, call func(context.Context) (T, error)) (T, error) {
	if hung := p.lost.Load(); hung != nil {
		var none T
		return none, hung
	}
	value, err := bounded(ctx, limit, call)
	var failure *Error
	if errors.As(err, &failure) && failure.Reason == TimedOut {
		p.lost.Store(failure)
	}
	return value, err
}

// bounded runs a call that may hang, for at most limit. A call that does is
// left behind: no library here can be interrupted.
func bounded[T any](ctx context.Context, limit time.Duration, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, timedOut(limit))
	defer cancel()
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call(ctx)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}
