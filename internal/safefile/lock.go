package safefile

import (
	"context"
	"os"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// Lock guards the file at path, which need not exist, against other processes
// and goroutines that call Lock for it. It waits up to ten seconds, then gives
// a fault.Unavailable; ctx ends the wait sooner. release may be called more than once.
// The lock is the file PATH.lock, there while it is held; on Windows it stays.
func Lock(ctx context.Context, path string) (release func(), err error) {
	return locker{wait: 10 * time.Second, poll: 20 * time.Millisecond}.lock(ctx, path)
}

type locker struct{ wait, poll time.Duration }

func (l locker) lock(ctx context.Context, path string) (func(), error) {
	path += ".lock"
	if info, err := os.Lstat(path); err == nil {
		if err := judgeRegular(path, info); err != nil {
			return nil, err
		}
	}
	bounded, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	held, err := l.acquire(bounded, path)
	switch {
	case err == nil:
		return sync.OnceFunc(func() { system.Unlock(held) }), nil
	case ctx.Err() != nil:
		return nil, failed("lock", path, ctx.Err())
	case bounded.Err() != nil:
		return nil, fault.New(fault.Unavailable,
			"failed to lock %s: another process, probably another latch, has held it for %v", path, l.wait).
			WithHint("wait for it to finish, or see which it is: fuser %s", path)
	}
	return nil, failed("lock", path, err)
}

// acquire starts over where the holder before us removed the file that we have
// just locked.
func (l locker) acquire(ctx context.Context, path string) (*flock.Flock, error) {
	for {
		held := flock.New(path, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDONLY|system.NoFollow))
		if _, err := held.TryLockContext(ctx, l.poll); err != nil {
			_ = held.Close()
			return nil, err
		}
		if isCurrent(held) {
			return held, nil
		}
		_ = held.Close()
	}
}

func isCurrent(held *flock.Flock) bool {
	locked, err := held.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(held.Path())
	return err == nil && os.SameFile(locked, named)
}
