package keyscmd

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// searchVanity makes keys until one has the text. Ctrl-C ends it and leaves
// nothing behind: no key but the one found is ever kept.
func (a verbs) searchVanity(ctx context.Context, kind keys.Kind, text string) (keys.Seed, error) {
	vanity, err := keys.ParseVanity(kind, text)
	if err != nil {
		return keys.Seed{}, fault.Hint(fault.As(fault.Usage, err), "choose a text that starts with A, B, C or D and holds only A-Z and 2-7")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var tried atomic.Uint64
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		a.showSearch(ctx, vanity, &tried)
	}()
	seed, err := vanity.Search(ctx, runtime.GOMAXPROCS(0), a.Sys.Random, &tried)
	stop()
	<-shown
	return seed, err
}

// showSearch tells, now and then, how the search goes: the rate, and how long
// half of all such searches take from here on. Chance has no memory, so that
// time does not shrink.
func (a verbs) showSearch(ctx context.Context, vanity keys.Vanity, tried *atomic.Uint64) {
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	start := a.Sys.Now()
	bar := a.Progress("searching", -1, "keys")
	defer bar.Close()
	var seen uint64
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := tried.Load()
		rate := float64(now) / max(0.001, a.Sys.Now().Sub(start).Seconds())
		bar.Describe("searching, about " + wait(vanity.Tries(), rate) + " to go")
		bar.Add(int64(now - seen))
		seen = now
	}
}

// wait is how long the tries take on average, rounded for a person.
func wait(tries, rate float64) string {
	if rate <= 0 {
		return "an unknown time"
	}
	seconds := tries / rate
	if seconds > 1e9 {
		return "a lifetime"
	}
	d := time.Duration(seconds * float64(time.Second))
	if d > time.Minute {
		return d.Round(time.Minute).String()
	}
	return d.Round(time.Second).String()
}
