package supervise

import (
	"context"
	"os"
	"time"

	"github.com/latch-keys/latch/internal/rollout"
)

// Told is what a host is told, read and judged in full.
type Told struct {
	// Digest is the same exactly where the host would be told the same; a counter that
	// grows does not change it.
	Digest    string
	Environ   []string
	Want      rollout.Want
	Emergency bool // it does not wait for its turn
}

// Child is a host that runs.
type Child interface {
	Ended() <-chan struct{}
	Code() int // once it has ended
	Signal(s os.Signal) error
	Kill() error
}

// Supervisor keeps one host running.
type Supervisor struct {
	Read    func(ctx context.Context) (Told, error)
	Start   func(environ []string) (Child, error)
	Signals <-chan os.Signal // which are passed on
	Hints   <-chan struct{}  // that it is worth to look now; nil where there are none
	Member  *rollout.Member
	Say     func(format string, args ...any)
	Warn    func(format string, args ...any)

	Every        time.Duration // how long to pause between two looks at what it would be told
	Settle       time.Duration // for how long that must stay the same before it counts
	StopTimeout  time.Duration // how long the host may take to end
	StartTimeout time.Duration // how long it may take to be seen as written

	slot   slot
	told   Told   // what the host was started with
	quiet  repeat // what was said last
	unread bool   // what it would be told could not be read
}

// Run starts the host and keeps it until it ends by itself, or since a signal has
// told it to. It gives its exit code.
func (s *Supervisor) Run(ctx context.Context) (code int, err error) {
	if s.told, err = s.Read(ctx); err != nil {
		return 0, err
	}
	child, err := s.Start(s.told.Environ)
	if err != nil {
		return 0, err
	}
	s.told.Environ = nil
	s.slot.put(child)
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := s.follow(within); err != nil {
			failed <- err
		}
	}()
	code, err = s.attend(ctx, failed)
	cancel()
	<-followed
	return code, err
}

// attend passes signals on, and notices when the host ends by itself.
func (s *Supervisor) attend(ctx context.Context, failed <-chan error) (int, error) {
	for {
		child, replaced := s.slot.watch()
		ended := child.Ended()
		select {
		case <-ended:
			if code, final := s.slot.final(child); final {
				return code, nil
			}
			ended = nil // it was stopped by us: another follows
		default:
		}
		select {
		case sig := <-s.Signals:
			s.slot.signal(sig)
		case <-replaced:
		case <-ended:
		case err := <-failed:
			return 0, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}
