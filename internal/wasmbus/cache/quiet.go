package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// Watch looks out for hosts that run: they keep claims and links in memory, and
// would put back what is purged, or go on without it.
type Watch struct {
	cache    Cache
	question wasmbus.Question
	listener *wasmbus.Listener
}

// Watch begins to listen for hosts.
func (c Cache) Watch(ctx context.Context, q wasmbus.Question) (*Watch, error) {
	listener, err := wasmbus.Listen(ctx, c.conn, c.lattice)
	if err != nil {
		return nil, err
	}
	q.Expected, q.NameOf = nil, nil // that a host of the manifest is silent settles nothing
	return &Watch{c, q, listener}, nil
}

// Close ends the listening.
func (w *Watch) Close() { w.listener.Close() }

// Ask asks every host whether it is there. The error refuses where one answers, or
// was heard since the watch began. somebody tells that the question reached a
// client that did not answer.
func (w *Watch) Ask(ctx context.Context) (somebody bool, err error) {
	answers, err := wasmbus.Ask(ctx, w.cache.conn, w.question)
	if err != nil {
		return false, err
	}
	if len(answers.Forbidden) > 0 {
		return false, notAllowed(answers.Forbidden[0])
	}
	if running := called(answers); len(running) > 0 {
		return false, runs(w.cache.lattice, running, "answer", "answers")
	}
	return answers.Outcome == wasmbus.Silent, w.heard()
}

// Wait listens for a while, and refuses as soon as a host is heard.
func (w *Watch) Wait(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-w.listener.First():
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := w.cache.conn.Settle(ctx); errors.Is(err, context.Canceled) {
		return err
	} else if err != nil {
		return fault.New(fault.Unavailable, "whether a host of the lattice %s runs could not be heard to the end", w.cache.lattice).Because(err).WithHint("latch nats check")
	}
	return w.heard()
}

// heard refuses where a host was heard, or could not have been.
func (w *Watch) heard() error {
	var running []string
	for _, event := range w.listener.Heard() {
		name := event.Source
		if name == "" {
			name = "a client that gives no name"
		}
		running = append(running, name)
	}
	if len(running) == 0 {
		return w.listener.Err()
	}
	return runs(w.cache.lattice, running, "tell that they run", "tells that it runs")
}

// called are those that answered, whatever they said.
func called(a wasmbus.Answers) []string {
	var all []string
	for _, r := range a.Replies {
		all = append(all, r.Called())
	}
	for _, c := range a.Conflicts {
		all = append(all, c.Key.String())
	}
	slices.Sort(all)
	for why, count := range a.Malformed {
		all = append(all, fmt.Sprintf("%d that gave an answer which cannot be read (%s)", count, why))
	}
	if a.Dropped > 0 {
		all = append(all, fmt.Sprintf("%d whose answers were too many", a.Dropped))
	}
	return all
}

// mostNamed is how many hosts an error names.
const mostNamed = 5

func runs(lattice string, running []string, several, one string) error {
	named, verb := running, several
	if len(running) == 1 {
		verb = one
	}
	if len(named) > mostNamed {
		named = append(append([]string(nil), named[:mostNamed]...), fmt.Sprintf("%d more", len(running)-mostNamed))
	}
	return fault.New(fault.Refused, "hosts of the lattice %s run, so that nothing was purged: %s %s", lattice, strings.Join(named, ", "), verb).
		WithHint("stop every host of the lattice first: a host keeps claims and links in memory, and does not notice the purge")
}
