package latticecmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// wait looks until every host is where it should be, or the time is up. It says
// something only where something has changed. Once a host of each name is, a look of the
// whole time is taken for those that are further away.
func (l look) wait(ctx context.Context) error {
	if err := l.checkPhase(); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, l.o.wait)
	defer cancel()
	end, err := l.connectInTime(limited)
	if err != nil {
		return l.unfinished(ctx, err)
	}
	defer end()
	said := ""
	say := func(text string) {
		if text != said {
			said = text
			l.Say("%s", text)
		}
	}
	last, whole := lastLook{err: errors.New("there was no time to")}, l.o.strangers
	for {
		s, err := l.asker.Look(limited)
		s = l.expected(s)
		switch waiting := l.waitingFor(s); {
		case limited.Err() != nil:
			if !last.seen && err == nil {
				last = lastLook{status: s, seen: true} // as far as it went
			}
		case err != nil:
			last.err = err
			say("The hosts cannot be asked now: " + err.Error() + ".")
		case s.Answers.Outcome != wasmbus.Answered:
			last = lastLook{status: s, seen: true}
			say("No host answers (" + string(s.Answers.Outcome) + ").")
		case len(waiting) == 0 && whole:
			return l.arrived(s)
		case len(waiting) == 0:
			last, whole = lastLook{status: s, seen: true, arrived: true}, true
			l.asker.Strangers()
			continue
		default:
			last = lastLook{status: s, seen: true}
			say(fmt.Sprintf("%d of %d host%s answered; waiting for %s.", s.Heard, s.Members, app.Plural(s.Members), named(waiting)))
		}
		select {
		case <-limited.Done():
			return l.timeUp(ctx, last)
		case <-time.After(l.o.every):
		}
	}
}

// connectInTime connects, and tries again while a server cannot be reached.
func (l *look) connectInTime(ctx context.Context) (end func(), err error) {
	said := false
	for {
		end, err = l.connect(ctx, func(o *natsconn.Options) {
			o.Reconnect = true
			o.Changed = l.sayConnection
		})
		var failure *natsconn.Failure
		if err == nil || !errors.As(err, &failure) || failure.Step != natsconn.Reach {
			return end, err
		}
		if !said {
			l.Say("Trying again: %v.", err)
			said = true
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(l.o.every):
		}
	}
}

func (l *look) sayConnection(lost error) {
	if lost != nil {
		l.Say("The connection is lost: %v.", lost)
		return
	}
	l.Say("The connection is back.")
}

// checkPhase refuses to wait for a phase that the rotation is not in.
func (l look) checkPhase() error {
	if l.o.phase == "" {
		return nil
	}
	if !slices.Contains(phaseNames(), l.o.phase) {
		return fault.New(fault.Usage, "unknown phase %q: must be one of %s", l.o.phase, strings.Join(phaseNames(), ", ")).WithHint("latch lattice status --help")
	}
	if now := rotation.PhaseOf(l.m); now != l.o.phase {
		return fault.New(fault.Refused, "the lattice is in phase %s, not in %s", now, l.o.phase).WithHint("latch issuers rotate status")
	}
	return nil
}

// waitingFor are the hosts that are not where they should be, each with its verdict.
func (l look) waitingFor(s wasmbus.Status) []string {
	var names []string
	if l.o.phase == "" {
		for _, row := range s.Drift() {
			names = append(names, fmt.Sprintf("%s (%s)", row.Host, row.Verdict))
		}
		return names
	}
	m := l.m.Clone()
	m.Rotation.Observed = nil // what was known before does not count
	status, err := rotation.StatusOf(m, s.Observations(l.Sys.Now()), l.Sys.Now())
	if err != nil {
		return []string{err.Error()}
	}
	for _, o := range status.Obstacles {
		if o.Host != "" && !l.sets(o.Host) {
			names = append(names, fmt.Sprintf("%s (%s)", o.Host, o.Reason))
		}
	}
	return names
}

// sets reports whether the host is expected not to be as written.
func (l look) sets(host string) bool {
	return slices.ContainsFunc(l.expect, func(e wasmbus.Expectation) bool { return e.Host == host && e.Holds(l.Sys.Now()) })
}

// arrived shows the hosts that were waited for. Those that have a phase may still
// differ from the manifest otherwise, which does not count here.
func (l look) arrived(s wasmbus.Status) error {
	err := l.conclude(s)
	if l.o.phase != "" && app.IsNo(err) {
		return nil
	}
	return err
}

// lastLook is what was seen last, and why it could not be looked again.
type lastLook struct {
	status  wasmbus.Status
	seen    bool
	arrived bool // every name had answered, and there was no time to look for more
	err     error
}

// timeUp shows what was seen last, and names what was waited for in vain. Where the
// last look failed nothing is known of how it ended.
func (l look) timeUp(ctx context.Context, last lastLook) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if last.arrived && last.err == nil {
		return l.arrived(last.status)
	}
	if waiting := l.waitingFor(last.status); last.seen && last.status.Answers.Outcome == wasmbus.Answered {
		l.Warn("after %s still waiting for %s", l.o.wait, named(waiting))
	}
	if last.err != nil {
		return fault.New(fault.Unavailable, "the hosts could not be asked when the %s were over", l.o.wait).Because(last.err).WithHint("latch nats check")
	}
	err := l.conclude(last.status)
	if err == nil {
		err = app.No()
	}
	return err
}

// unfinished is the error of a wait that ended before anybody was asked.
func (l look) unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// named lists what is waited for: of many the first.
func named(waiting []string) string {
	const most = 5
	if more := len(waiting) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(waiting[:most], ", "), more)
	}
	return strings.Join(waiting, ", ")
}
