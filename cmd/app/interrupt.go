package app

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

const (
	// grace is how long a command has to end by itself after an interrupt.
	grace = 80 * time.Millisecond
	// changeGrace is how long one has that is in the middle of a change. Whatever
	// takes longer is cut short: the next run mends it, as after a crash.
	changeGrace = 5 * time.Second
)

// Change does something that should not be left half done: an interrupt waits
// for it, within reason.
func (a *App) Change(do func() error) error {
	a.changing.RLock()
	defer a.changing.RUnlock()
	return do()
}

// Outlast has the command that runs decide itself when it ends: an interrupt is for the
// program that it runs.
func (a *App) Outlast() { a.outlasts.Store(true) }

// Await gives what a command ends with. An interrupt ends it whatever it does,
// be it a read that never comes back.
func (a *App) Await(ctx context.Context, done <-chan error) error {
	select {
	case err := <-done:
		if err == nil || ctx.Err() == nil || a.outlasts.Load() {
			return err
		}
	case <-ctx.Done():
		if a.outlasts.Load() {
			return <-done
		}
		select {
		case err := <-done:
			if err == nil {
				return nil // it was done before it noticed
			}
		case <-time.After(grace):
			err, ended := a.awaitChange(done)
			if ended && err == nil {
				return nil
			}
			a.left.Store(!ended)
		}
	}
	return fault.New(fault.Interrupted, "interrupted")
}

// awaitChange waits for the change that is under way, if there is one, and gives
// what the command ended with meanwhile.
func (a *App) awaitChange(done <-chan error) (err error, ended bool) { //nolint:revive // as a channel gives it
	free := make(chan struct{})
	go func() {
		a.changing.Lock() // for good: nothing begins any more
		close(free)
	}()
	select {
	case err := <-done:
		return err, true
	case <-free:
	case <-time.After(changeGrace):
	}
	return nil, false
}
