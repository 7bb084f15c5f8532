package supervise

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"
)

// follow looks again and again at what the host would be told. It ends with ctx, or
// when the host cannot be started again.
func (s *Supervisor) follow(ctx context.Context) error {
	for try := 0; s.rest(ctx, try); try++ {
		next, changed := s.look(ctx)
		if !changed {
			continue
		}
		if next, changed = s.settled(ctx, next); !changed {
			continue
		}
		if err := s.roll(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// rest waits for the next look: as long as it takes, or until a hint. Those of many
// hosts come at the same moment, so each looks a little later.
func (s *Supervisor) rest(ctx context.Context, try int) bool {
	t := time.NewTimer(s.Every)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-s.Hints:
		return pause(ctx, s.spread(min(s.Every, betweenAsks), try))
	case <-t.C:
		return true
	}
}

// look reads what the host would be told, and reports whether it is something else.
// What cannot be read or verified is no change.
func (s *Supervisor) look(ctx context.Context) (Told, bool) {
	next, err := s.Read(ctx)
	switch {
	case ctx.Err() != nil:
		return next, false
	case err != nil:
		s.unread = true
		s.warn("what %s should be told cannot be read, so it goes on as it is: %v", s.Member.Host, err)
		return next, false
	case next.Want.Generation < s.told.Want.Generation:
		s.warn("%s goes on as it is: it was started with generation %d, and the manifest is at %d, an older one", s.Member.Host, s.told.Want.Generation, next.Want.Generation)
		return next, false
	}
	if s.unread {
		s.unread = false
		s.quiet.forget()
		s.say("What %s should be told can be read again.", s.Member.Host)
	}
	return next, next.Digest != s.told.Digest
}

// settled waits until a change stays the same: who changes one thing often changes
// another right after.
func (s *Supervisor) settled(ctx context.Context, next Told) (Told, bool) {
	for {
		if !pause(ctx, s.Settle) {
			return next, false
		}
		again, changed := s.look(ctx)
		if !changed || again.Digest == next.Digest {
			return again, changed
		}
		next = again
	}
}

// roll starts the host anew once it has its turn.
func (s *Supervisor) roll(ctx context.Context, next Told) error {
	s.quiet.forget()
	s.say("What %s is told has changed, generation %d: it is started anew in its turn.", s.Member.Host, next.Want.Generation)
	if !next.Emergency {
		var got bool
		if next, got = s.await(ctx, next); !got {
			return nil
		}
	}
	if next.Emergency {
		return s.atOnce(ctx, next)
	}
	return s.inTurn(ctx, next)
}

// await waits for the turn, and gives what the host is to be told when it has it.
func (s *Supervisor) await(ctx context.Context, next Told) (Told, bool) {
	for try := 0; ; try++ {
		answer, err := s.Member.Ask(ctx, next.Want)
		rest := min(s.Every, betweenAsks)
		switch {
		case ctx.Err() != nil:
			return next, false
		case err != nil:
			s.warn("%s waits: %v", s.Member.Host, err)
		case answer.Got:
			if now, changed, err := s.confirm(ctx, next); err == nil {
				return now, changed
			}
			rest = s.Every
		case len(answer.Halts) > 0:
			s.sayHalted(answer.Halts)
			rest = s.Every // whoever asks looks at those hosts, too
		default:
			s.say("%s waits for %s.", s.Member.Host, list(answer.Waiting))
		}
		if !pause(ctx, s.spread(rest, try)) {
			return next, false
		}
		if now, changed := s.look(ctx); changed {
			next = now
		} else if now.Digest == s.told.Digest {
			s.say("%s is told what it was told before: it goes on as it is.", s.Member.Host)
			return next, false
		}
		if next.Emergency {
			return next, true
		}
	}
}

// confirm reads once more what the host is to be told, now that it has its turn. What
// cannot be read now is no reason to stop a host, and one is not stopped whose coming
// back could not be seen: that is an error.
func (s *Supervisor) confirm(ctx context.Context, was Told) (Told, bool, error) {
	_, err := s.Member.Look(ctx, was.Want, 0)
	if err != nil && ctx.Err() == nil {
		s.warn("%s goes on as it is, since nobody could see whether it comes back: %v", s.Member.Host, err)
	}
	next, changed := was, false
	if err == nil {
		next, changed = s.look(ctx)
	}
	if !changed {
		s.giveBack(ctx, s.Member.Waive)
	}
	return next, changed, err
}

// betweenAsks is short: the next turn should begin soon after the last.
const betweenAsks = time.Second

// spread is a wait of at most so long, which differs from those of others: who waits for
// one thing should not ask for it at the same moment.
func (s *Supervisor) spread(most time.Duration, try int) time.Duration {
	sum := fnv.New32a()
	fmt.Fprint(sum, s.Member.Holder, try)
	const parts = 1024
	return most/4 + most*3/4*time.Duration(sum.Sum32()%parts)/parts
}

// pause waits, and reports false when ctx is over.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
