package supervise

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/rollout"
)

// inTurn starts the host anew in the turn that it holds, and gives that back.
func (s *Supervisor) inTurn(ctx context.Context, next Told) error {
	keeping, stop := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() { defer close(kept); s.keep(keeping) }()
	became, err := s.restart(ctx, next, s.mayStop)
	stop()
	<-kept
	switch {
	case err != nil || ctx.Err() != nil: // the turn expires, and who waits sees whether the host is there
	case became == untouched:
		s.giveBack(ctx, s.Member.Waive)
	case became == back:
		s.giveBack(ctx, s.Member.End)
		s.sayBack()
	case became == late:
		why := "it was not seen as written within " + s.StartTimeout.String()
		s.giveBack(ctx, func(ctx context.Context) error { return s.Member.Halt(ctx, next.Want, why) })
		s.warn("%s was not seen as written within %s: the roll-out halts here, and no other host is started anew until it has been. %s", s.Member.Host, s.StartTimeout, goOn(s.Member.Host))
	}
	return err
}

// atOnce starts the host anew in no turn at all.
func (s *Supervisor) atOnce(ctx context.Context, next Told) error {
	s.say("This is an emergency: %s does not wait for its turn.", s.Member.Host)
	became, err := s.restart(ctx, next, func(context.Context) bool { return true })
	switch {
	case err != nil || ctx.Err() != nil:
	case became == back:
		s.sayBack()
	case became == late:
		s.warn("%s was not seen as written within %s: latch lattice status tells how it stands", s.Member.Host, s.StartTimeout)
	}
	return err
}

func (s *Supervisor) sayBack() { s.say("%s is back, and as written.", s.Member.Host) }

// goOn says how a roll-out that has halted goes on.
func goOn(host string) string {
	return "It goes on by itself once " + host + " answers as written, or is told something that it can start with, or is no longer in the manifest: latch lattice status tells how it stands"
}

// keep renews the turn until ctx ends.
func (s *Supervisor) keep(ctx context.Context) {
	for pause(ctx, s.Member.Lease/4) {
		held, err := s.Member.Renew(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.warn("the turn of %s could not be renewed: %v", s.Member.Host, err)
		case !held:
			return // somebody found the host there, or the roll-out halted
		}
	}
}

// mayStop makes sure that the turn is still held.
func (s *Supervisor) mayStop(ctx context.Context) bool {
	if s.Member.Sure() {
		return true
	}
	held, err := s.Member.Renew(ctx)
	return err == nil && held && s.Member.Sure()
}

// giveBack has the others go on, within the time that the turn would last by itself.
func (s *Supervisor) giveBack(ctx context.Context, how func(ctx context.Context) error) {
	within, cancel := context.WithTimeout(ctx, s.Member.Lease)
	defer cancel()
	for {
		err := how(within)
		if err == nil || ctx.Err() != nil {
			return
		}
		if !pause(within, min(s.Every, betweenAsks)) {
			s.warn("the turn of %s could not be given back, it expires by itself: %v", s.Member.Host, err)
			return
		}
	}
}

// became is what became of a host that was to be started anew.
type became int

const (
	untouched became = iota
	back             // it was seen as written
	late             // it was not, in time
)

// restart drains the host, starts it with what it is now told, and waits until it is
// seen so.
func (s *Supervisor) restart(ctx context.Context, next Told, may func(context.Context) bool) (became, error) {
	if !may(ctx) {
		return untouched, nil
	}
	child, leaves := s.slot.leave()
	if !leaves {
		return untouched, nil
	}
	s.say("Stopping %s.", s.Member.Host)
	stop(child)
	if !s.drained(ctx, child) {
		return untouched, nil
	}
	began := s.Member.Now()
	started, err := s.slot.replace(func() (Child, error) { return s.Start(next.Environ) })
	if err != nil || !started {
		return late, err
	}
	next.Environ, s.told = nil, next
	s.say("Started %s with generation %d.", s.Member.Host, next.Want.Generation)
	return s.appears(ctx, next.Want, began)
}

// drained waits until the host has ended, and ends it by force where that takes too
// long.
func (s *Supervisor) drained(ctx context.Context, child Child) bool {
	limit := time.NewTimer(s.StopTimeout)
	defer limit.Stop()
	for {
		select {
		case <-child.Ended():
			return true
		case <-ctx.Done():
			return false
		case <-limit.C:
			s.warn("%s has not ended %s after SIGTERM: it is killed", s.Member.Host, s.StopTimeout)
			_ = child.Kill() // it may just have ended
		}
	}
}

// appears waits until the host that was started is seen as written.
func (s *Supervisor) appears(ctx context.Context, want rollout.Want, began rollout.Instant) (became, error) {
	within, cancel := context.WithTimeout(ctx, s.StartTimeout)
	defer cancel()
	for {
		age := s.Member.Now().Ticks - began.Ticks
		sight, err := s.Member.Look(within, want, max(age, 1))
		switch {
		case err == nil && sight == rollout.AsWritten:
			return back, nil
		case err != nil && within.Err() == nil:
			s.warn("whether %s is back cannot be seen now: %v", s.Member.Host, err)
		}
		if !pause(within, betweenLooks) {
			return late, nil
		}
	}
}

// betweenLooks is how long to pause between two looks at a host that starts.
const betweenLooks = 250 * time.Millisecond
