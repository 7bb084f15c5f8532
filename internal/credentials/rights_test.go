package credentials

import (
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// rightsIn are those of a JWT that the library of NATS issues.
func rightsIn(t *testing.T, edit func(*jwt.UserClaims)) *permissions.Rights {
	t.Helper()
	account, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.NewUserClaims(userKey)
	edit(claims)
	text, err := claims.Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	user, err := lattice.ParseUserJWT(text)
	if err != nil {
		t.Fatal(err)
	}
	return user.Rights
}

// minted gives a JWT what a set needs.
func minted(set permissions.Set) func(*jwt.UserClaims) {
	return func(c *jwt.UserClaims) {
		c.Pub.Allow.Add(set.Subjects(wasmcloud.Publish)...)
		c.Sub.Allow.Add(set.Subjects(wasmcloud.Subscribe)...)
		if set.Responds() {
			c.Resp = &jwt.ResponsePermission{MaxMsgs: permissions.AnswersPerQuestion, Expires: permissions.AnswerWithin}
		}
	}
}

// TestRightsAgainstNeeds: a JWT with what is needed, with less, with more, with nothing said.
func TestRightsAgainstNeeds(t *testing.T) {
	t.Parallel()
	setup := permissions.Setup{Target: target(t, "rust-0.82"), Lattice: "prod"}
	needs, err := setup.Needs(wasmcloud.ControlUser)
	if err != nil {
		t.Fatal(err)
	}
	least := minted(needs)
	for name, c := range map[string]struct {
		edit         func(*jwt.UserClaims)
		fails, could []string
	}{
		"least":       {least, nil, nil},
		"nothing set": {func(*jwt.UserClaims) {}, nil, []string{"reach other lattices in the same account", "delete streams", "read invocations, or take them from whom they are for"}},
		"no events":   {func(c *jwt.UserClaims) { least(c); c.Pub.Allow.Remove("wasmbus.evt.prod") }, []string{"events"}, nil},
		"no answers":  {func(c *jwt.UserClaims) { least(c); c.Resp = nil }, []string{"answers to control commands"}, nil},
		"denied":      {func(c *jwt.UserClaims) { least(c); c.Sub.Deny.Add("wasmbus.ctl.prod.linkdefs.put") }, []string{"links"}, nil},
		"commands":    {func(c *jwt.UserClaims) { least(c); c.Pub.Allow.Add("wasmbus.ctl.prod.>") }, nil, []string{"give commands to hosts"}},
		"another":     {func(c *jwt.UserClaims) { least(c); c.Sub.Allow.Add("wasmbus.ctl.dev.>") }, nil, []string{"reach other lattices in the same account"}},
		"all but rpc": {func(c *jwt.UserClaims) { least(c); c.Pub.Allow.Add("wasmbus.>"); c.Pub.Deny.Add("wasmbus.rpc.>") }, nil, []string{"give commands to hosts", "reach other lattices in the same account"}},
	} {
		rights := rightsIn(t, c.edit)
		exceeds := rights.Exceeds(needs, setup)
		var fails, could []string
		for _, lack := range rights.Lacks(needs) {
			fails = append(fails, lack.Fails...)
		}
		for _, excess := range exceeds {
			could = append(could, excess.Could...)
		}
		if !slices.Equal(fails, c.fails) {
			t.Errorf("%s: fails at %q, want %q", name, fails, c.fails)
		}
		for _, want := range c.could {
			if !slices.Contains(could, want) {
				t.Errorf("%s: could %q, want %q among them", name, could, want)
			}
		}
		if len(c.could) == 0 && len(exceeds) > 0 {
			t.Errorf("%s: more than is needed: %+v", name, exceeds)
		}
		if name == "all but rpc" && strings.Contains(strings.Join(could, " "), "call actors") {
			t.Error("what is denied was counted")
		}
	}
	if rightsIn(t, func(c *jwt.UserClaims) { c.SetScoped(true) }) != nil {
		t.Error("a scoped JWT says what its user may do")
	}
}

// TestSetupOf: the host's target, its domain and its variables.
func TestSetupOf(t *testing.T) {
	t.Parallel()
	m := lattice.Manifest{Lattice: "prod", Target: target(t, "rust-0.82"), NATS: lattice.NATS{JetStreamDomain: "hub", Chunks: lattice.On}}
	h := lattice.Host{Target: target(t, "otp"), Env: []lattice.Variable{
		{Name: "WASMCLOUD_CTL_TOPIC_PREFIX", Value: "a.b"},
		{Name: "WASMCLOUD_POLICY_TOPIC", Value: "policy"},
		{Name: "WASMCLOUD_CONFIG_SERVICE", Value: "YES"},
	}}
	want := permissions.Setup{
		Target: target(t, "otp"), Lattice: "prod", JetStreamDomain: "hub", TopicPrefix: "a.b", PolicyTopic: "policy",
		Switches: permissions.On(wasmcloud.ConfigService, wasmcloud.Chunks),
	}
	if got := SetupOf(m, h); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	h.Env[2].Value = "false"
	h.NATS.Chunks = lattice.Off
	if got := SetupOf(m, h); got.Switches != 0 {
		t.Errorf("switched on: %v", got.Switches)
	}
}

func target(t *testing.T, name string) wasmcloud.Target {
	t.Helper()
	target, err := wasmcloud.ParseTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}
