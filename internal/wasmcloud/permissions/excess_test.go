package permissions

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestExceeds: what is beyond the needs of a host's user for control, and what
// could be done with it; what is denied, or needed anyway, does not count.
func TestExceeds(t *testing.T) {
	t.Parallel()
	target, err := wasmcloud.ParseTarget("rust-0.82")
	if err != nil {
		t.Fatal(err)
	}
	setup := bare(target)
	needs, err := setup.Needs(wasmcloud.ControlUser)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		edit    func(*Rights)
		subject string // "" for no excess
		could   []string
	}{
		"the least":            {func(*Rights) {}, "", nil},
		"an event more":        {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "wasmbus.evt.prod.x") }, "", nil},
		"a queue of the needs": {func(r *Rights) { r.Subscribe.Allow = append(r.Subscribe.Allow, "wasmbus.ctl.prod.get.* q") }, "", nil},
		"commands":             {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "wasmbus.ctl.prod.cmd.*.*") }, "wasmbus.ctl.prod.cmd.*.*", []string{"give commands to hosts"}},
		"links":                {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "wasmbus.ctl.prod.linkdefs.put") }, "wasmbus.ctl.prod.linkdefs.put", []string{"change links"}},
		"denied again": {func(r *Rights) {
			r.Publish.Allow, r.Publish.Deny = append(r.Publish.Allow, "wasmbus.ctl.prod.>"), []string{"wasmbus.ctl.>"}
		}, "", nil},
		"a star is all below": {func(r *Rights) { r.Subscribe.Allow = append(r.Subscribe.Allow, "wasmbus.rpc.prod.*") }, "wasmbus.rpc.prod.*", []string{"read invocations, or take them from whom they are for"}},
		"another lattice":     {func(r *Rights) { r.Subscribe.Allow = append(r.Subscribe.Allow, "wasmbus.evt.dev") }, "wasmbus.evt.dev", []string{"reach other lattices in the same account"}},
		"every lattice":       {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "wasmbus.evt.*") }, "wasmbus.evt.*", []string{"reach other lattices in the same account"}},
		"another's bucket":    {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "$KV.LATTICEDATA_dev.>") }, "$KV.LATTICEDATA_dev.>", []string{"reach other lattices in the same account"}},
		"another's stream": {func(r *Rights) {
			r.Publish.Allow = append(r.Publish.Allow, "$JS.API.STREAM.INFO.KV_CONFIGDATA_dev")
		}, "$JS.API.STREAM.INFO.KV_CONFIGDATA_dev", []string{"reach other lattices in the same account"}},
		"every bucket":          {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "$KV.*.x") }, "$KV.*.x", []string{"reach other lattices in the same account"}},
		"components of another": {func(r *Rights) { r.Subscribe.Allow = append(r.Subscribe.Allow, "dev.greeter.wrpc.>") }, "dev.greeter.wrpc.>", []string{"reach other lattices in the same account"}},
		"a bucket of ours":      {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "$KV.greetings.>") }, "$KV.greetings.>", nil},
		"streams":               {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "$JS.API.STREAM.PURGE.*") }, "$JS.API.STREAM.PURGE.*", []string{"empty streams"}},
		"something harmless":    {func(r *Rights) { r.Publish.Allow = append(r.Publish.Allow, "acme.log") }, "acme.log", nil},
	} {
		rights := needs.Rights()
		c.edit(&rights)
		exceeds := rights.Exceeds(needs, setup)
		if c.subject == "" {
			if len(exceeds) > 0 {
				t.Errorf("%s: %+v", name, exceeds)
			}
			continue
		}
		if len(exceeds) != 1 || exceeds[0].Subject != c.subject || !slices.Equal(exceeds[0].Could, c.could) {
			t.Errorf("%s: %+v, want %s, %q", name, exceeds, c.subject, c.could)
		}
	}
}

// TestDangersInDomains: JetStream is asked by its domain or without, whichever the
// lattice's is.
func TestDangersInDomains(t *testing.T) {
	t.Parallel()
	target, err := wasmcloud.ParseTarget("rust-0.82")
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []string{"", domain} {
		setup := bare(target)
		setup.JetStreamDomain = known
		needs, err := setup.Needs(wasmcloud.ControlUser)
		if err != nil {
			t.Fatal(err)
		}
		for _, api := range []string{"$JS.API.", "$JS." + domain + ".API.", "$JS.*.API."} {
			rights := needs.Rights()
			rights.Publish.Allow = append(rights.Publish.Allow, api+"STREAM.PURGE.*")
			if exceeds := rights.Exceeds(needs, setup); len(exceeds) != 1 || !slices.Equal(exceeds[0].Could, []string{"empty streams"}) {
				t.Errorf("%s in the domain %q: %+v", api, known, exceeds)
			}
		}
	}
}
