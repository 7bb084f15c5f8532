package keyring

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/latch-keys/latch/internal/bounded"
)

// patience is what is left of it with a keyring: none, once a call has hung. All
// calls of a command together then take hardly longer than the one that did.
type patience struct{ lost atomic.Pointer[Error] }

// patiently is within for as long as there is patience.
func patiently[T any](ctx context.Context, p *patience, limit time.Duration, call func(context.Context) (T, error)) (T, error) {
	if hung := p.lost.Load(); hung != nil {
		var none T
		return none, hung
	}
	value, err := within(ctx, limit, call)
	var failure *Error
	if errors.As(err, &failure) && failure.Reason == TimedOut {
		p.lost.Store(failure)
	}
	return value, err
}

// within runs a call that may hang, for at most limit. A call that does is
// left behind: no library here can be interrupted.
func within[T any](ctx context.Context, limit time.Duration, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, timedOut(limit))
	defer cancel()
	return bounded.Call(ctx, func() (T, error) { return call(ctx) })
}
