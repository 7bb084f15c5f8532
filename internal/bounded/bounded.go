// Package bounded ends the wait for calls that nothing can interrupt.
package bounded

import (
	"context"
	"errors"
)

// Call runs a call until ctx ends. A call that takes longer is left behind, and goes
// on in the background with what it was given; the error then is the cause of ctx. So
// it is where the call itself fails then: as a rule because ctx took its connection.
func Call[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		if r.err == nil || ctx.Err() == nil {
			return r.value, r.err
		}
	case <-ctx.Done():
	}
	var none T
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return none, err
	}
	return none, context.Cause(ctx)
}
