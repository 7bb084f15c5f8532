package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// check is one with more patience than a busy machine needs.
func check(s *natstest.Server) access.Check {
	return access.Check{Dial: s.Options(natsconn.Login{}).Dial, Now: time.Now, Word: "test", Wait: 20 * time.Second, Parallel: 8}
}

// setup is that of a lattice whose hosts run the target.
func setup(t testing.TB, target string) permissions.Setup {
	t.Helper()
	parsed, err := wasmcloud.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	return permissions.Setup{Target: parsed, Lattice: "prod"}
}

// connection is one of a host.
func connection(t testing.TB, host string, p wasmcloud.Purpose, s *natstest.Server, l natsconn.Login, setups ...permissions.Setup) access.Connection {
	t.Helper()
	c := access.Connection{Hosts: []string{host}, Purpose: p, Setup: setup(t, "rust-0.82"), Server: natsconn.Server{URLs: []string{s.URL()}}, Login: l}
	if len(setups) > 0 {
		c.Setup = setups[0]
	}
	if l.JWT != "" {
		var err error
		if c.User, err = lattice.ParseUserJWT(l.JWT); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// purposes are the connections of hosts of the setup.
func purposes(s permissions.Setup) []wasmcloud.Purpose {
	if s.Target.ReadsProviderRPC() {
		return wasmcloud.Purposes()
	}
	return []wasmcloud.Purpose{wasmcloud.RPC, wasmcloud.Control}
}

// least gives a user the least that the role needs, unless edited.
func least(t testing.TB, s permissions.Setup, role wasmcloud.Role) func(*jwt.UserClaims) {
	t.Helper()
	needs, err := s.Needs(role)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *jwt.UserClaims) {
		c.Pub.Allow.Add(needs.Subjects(wasmcloud.Publish)...)
		c.Sub.Allow.Add(needs.Subjects(wasmcloud.Subscribe)...)
		if len(c.Pub.Allow) == 0 {
			c.Pub.Deny.Add(">")
		}
		if needs.Responds() {
			c.Resp = &jwt.ResponsePermission{MaxMsgs: permissions.AnswersPerQuestion, Expires: permissions.AnswerWithin}
		}
	}
}

// said are the problems of a result as text.
func said(r access.Result) string {
	var all []string
	for _, p := range r.Problems {
		all = append(all, string(p.Severity)+" "+string(p.Rule)+": "+p.Says+" ("+p.Hint+")")
	}
	return strings.Join(all, "\n")
}

// isWell fails the test if there is a problem with a result beyond the rules that
// are put up with.
func isWell(t *testing.T, name string, r access.Result, but ...finding.Rule) {
	t.Helper()
	for _, p := range r.Problems {
		if !slices.Contains(but, p.Rule) {
			t.Errorf("%s: host %s, %s: %s", name, r.Hosts[0], r.Purpose, said(r))
			return
		}
	}
}

// isFound fails the test if a result has not one problem of the rule that says
// something, with a hint.
func isFound(t *testing.T, name string, r access.Result, s finding.Severity, rule finding.Rule, says string) {
	t.Helper()
	count := 0
	for _, p := range r.Problems {
		if p.Rule == rule && p.Severity == s && strings.Contains(p.Says, says) && p.Hint != "" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%s: %d times %s %s, %q, in:\n%s", name, count, s, rule, says, said(r))
	}
}

// stream is one that takes messages of a subject of its own.
func stream(name string) *nats.StreamConfig {
	return &nats.StreamConfig{Name: name, Subjects: []string{"test." + name}}
}
