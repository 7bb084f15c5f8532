package wasmbus_test

import (
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// A host that was started anew is seen when it answers as it was told: neither the one
// before it nor another that runs as the same host counts.
func TestPresence(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	edit := func(f func(r *wasmbus.Reply)) []wasmbus.Reply { return []wasmbus.Reply{s.reply(t, f)} }
	label := func(n string) func(*wasmbus.Reply) {
		return func(r *wasmbus.Reply) { r.Labels["latch_generation"] = n }
	}
	old := func(r *wasmbus.Reply) { r.Uptime = time.Hour; r.Signs = s.two }
	for name, c := range map[string]struct {
		replies []wasmbus.Reply
		want    wasmbus.Presence
	}{
		"it stands so":                 {edit(func(*wasmbus.Reply) {}), wasmbus.Arrived},
		"by a newer manifest":          {edit(func(r *wasmbus.Reply) { label("8")(r); r.Signs = s.two }), wasmbus.Arrived},
		"by an older one":              {edit(label("6")), wasmbus.Otherwise},
		"another key":                  {edit(func(r *wasmbus.Reply) { r.Signs = s.two }), wasmbus.Otherwise},
		"other issuers":                {edit(func(r *wasmbus.Reply) { r.Accepts = keys.Issuers{s.one} }), wasmbus.Otherwise},
		"nobody":                       {nil, wasmbus.Absent},
		"only the one from before":     {edit(old), wasmbus.Absent},
		"both":                         {append(edit(old), s.reply(t)), wasmbus.Arrived},
		"it says nothing of its keys":  {edit(func(r *wasmbus.Reply) { r.Tells, r.Signs, r.Accepts = false, s.no, nil }), wasmbus.Arrived},
		"nor its label":                {edit(func(r *wasmbus.Reply) { r.Tells = false; label("5")(r) }), wasmbus.Otherwise},
		"it knows no keys, by a label": {edit(func(r *wasmbus.Reply) { r.Ignores = true }), wasmbus.Arrived},
	} {
		want := lattice.Standing{Host: "web-1", Signs: s.one, Accepts: keys.Issuers{s.one, s.two}}
		if got := s.status(t, c.replies...).Presence(want, 7, time.Minute); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	want := lattice.Standing{Host: "web-2", Signs: s.one, Accepts: keys.Issuers{s.one, s.two}}
	if got := s.status(t, s.reply(t)).Presence(want, 7, 0); got != wasmbus.Absent {
		t.Errorf("another host's answer counts: %v", got)
	}
}
