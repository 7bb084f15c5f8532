package lattice

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/finding"
)

// joined is a manifest of three hosts; TARGET, NATS, A, B and C take settings.
const joined = `version: 1
lattice: prod
target: TARGET
issuers: [{name: one, public_key: KEY0}]
nats: {NATS}
hosts:
  - name: a
    signs_with: oneA
  - name: b
    signs_with: oneB
  - name: c
    signs_with: oneC
`

func TestCheckJoining(t *testing.T) {
	t.Parallel()
	const elsewhere = "rpc: {host: n.example.com}, ctl: {host: n.example.com}"
	for _, c := range []struct {
		name, target, nats string
		hosts              [3]string
		want               []string
	}{
		{"all alike", "rust-0.82", elsewhere, [3]string{}, nil},
		{"on the host itself", "rust-0.78", "", [3]string{}, nil},
		{"providers of Rust hosts", "rust-0.80", elsewhere, [3]string{}, []string{"m:5:20 error prov_rpc_missing"}},
		{"providers of OTP hosts", "otp", elsewhere, [3]string{}, []string{"m:5:20 warning prov_rpc_missing"}},
		{"providers by the port", "otp", "rpc: {port: 4223}, ctl: {port: 4223}", [3]string{}, []string{"m:5:20 warning prov_rpc_missing"}},
		{"providers told", "otp", elsewhere + ", prov_rpc: {host: n.example.com}", [3]string{}, nil},
		{"providers by NATS_HOST, but for one", "rust-0.78", elsewhere, [3]string{"\n    env: {NATS_HOST: n.example.com}", "\n    env: {NATS_HOST: n.example.com}", ""}, []string{"m:5:20 error prov_rpc_missing"}},
		{"providers elsewhere", "otp", elsewhere + ", prov_rpc: {host: p.example.com}", [3]string{}, []string{"m:5:81 warning topic_space"}},
		{"control elsewhere", "rust-0.82", "rpc: {host: a.example.com}, ctl: {host: b.example.com}", [3]string{}, []string{"m:5:48 warning topic_space"}},
		{"control on the host itself", "rust-0.82", "rpc: {host: a.example.com}", [3]string{}, []string{"m:5:20 warning topic_space"}},
		{"one host's control", "rust-0.82", elsewhere, [3]string{"", "\n    nats: {ctl: {port: 4223}}", ""}, []string{"m:11:24 warning topic_space"}},
		{"IPv6", "rust-0.82", `rpc: {host: "fd00::1"}, ctl: {host: "fd00::1"}`, [3]string{}, nil},
		{"TLS on one", "rust-0.82", "rpc: {tls: true}", [3]string{}, []string{"m:5:19 warning tls_differs"}},
		{"TLS on both", "rust-0.82", "rpc: {tls: true}, ctl: {tls: true}", [3]string{}, nil},
		{"domains", "rust-0.82", "js_domain: hub", [3]string{"", "", "\n    nats: {js_domain: edge}"}, []string{"m:13:23 warning js_domain_differs"}},
		{"a domain and none", "rust-0.82", "", [3]string{"\n    nats: {js_domain: edge}", "", ""}, []string{"m:10:11 warning js_domain_differs"}},
		{"topics", "rust-0.82", "", [3]string{"", "\n    env: {WASMCLOUD_CTL_TOPIC_PREFIX: my.ctl}", ""}, []string{"m:11:39 warning topic_prefix_differs"}},
		{"topics by default", "rust-0.82", "", [3]string{"", "\n    env: {WASMCLOUD_CTL_TOPIC_PREFIX: wasmbus.ctl}", ""}, nil},
		{"OTP and Rust", "rust-0.82", "", [3]string{"", "", "\n    target: otp"}, []string{"m:13:13 warning mixed_hosts"}},
		{"Rust before and after 0.81", "rust-0.80", "", [3]string{"", "\n    target: rust-0.81", "\n    target: rust-0.79"}, []string{"m:11:13 warning mixed_hosts"}},
		{"OTP of two generations", "otp-0.51", "", [3]string{"", "\n    target: otp", ""}, nil},
		{"all three", "rust-0.80", "", [3]string{"", "\n    target: rust-0.82", "\n    target: otp"}, []string{"m:11:13 warning mixed_hosts", "m:14:13 warning mixed_hosts"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.NewReplacer("TARGET", c.target, "NATS", c.nats, "oneA", "one"+c.hosts[0], "oneB", "one"+c.hosts[1], "oneC", "one"+c.hosts[2]).Replace(joined)
			found := Check(decodeAt(t, "m", text))
			if got := brief(found); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q: %v", got, c.want, found)
			}
			for _, f := range found {
				if f.Hint == "" {
					t.Errorf("no hint: %v", f)
				}
			}
		})
	}
}

// userOf issues a JWT of one of the tests' accounts and users.
func userOf(t *testing.T, account, user byte, edit func(*jwt.UserClaims)) string {
	t.Helper()
	issuer, _ := pair(t, nkeys.PrefixByteAccount, account)
	_, subject := pair(t, nkeys.PrefixByteUser, user)
	claims := jwt.NewUserClaims(subject)
	edit(claims)
	text, err := claims.Encode(issuer)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCheckUsers(t *testing.T) {
	t.Parallel()
	day := int64(24 * 60 * 60)
	plain := func(*jwt.UserClaims) {}
	until := func(seconds int64) func(*jwt.UserClaims) {
		return func(c *jwt.UserClaims) { c.Expires = testTime.Unix() + seconds }
	}
	for _, c := range []struct {
		name string
		rpc  string
		ctl  string
		seed string // of ctl
		want []string
	}{
		{"sound", userOf(t, 1, 2, plain), userOf(t, 1, 3, plain), "b", nil},
		{"far from its end", userOf(t, 1, 2, until(31*day)), "", "", nil},
		{"expired", userOf(t, 1, 2, until(0)), "", "", []string{"6:16 error nats_jwt"}},
		{"soon over", userOf(t, 1, 2, until(29*day)), "", "", []string{"6:16 warning nats_jwt"}},
		{"not yet", userOf(t, 1, 2, func(c *jwt.UserClaims) { c.NotBefore = testTime.Unix() + 3600 }), "", "", []string{"6:16 error nats_jwt"}},
		{"about now", userOf(t, 1, 2, func(c *jwt.UserClaims) { c.NotBefore = testTime.Unix() + 60 }), "", "", nil},
		{"two users of one seed", userOf(t, 1, 2, plain), userOf(t, 1, 3, plain), "a", []string{"7:16 error nats_jwt_mismatch"}},
		{"in a file", "users/a.jwt", "", "", nil},
	} {
		text := head + "issuers: [{name: one, public_key: KEY0}]\nnats:\n  rpc: {jwt: " + "    " + c.rpc + ", seed: a}\n"
		text = strings.Replace(text, "{jwt:     ", "{ jwt:  ", 1)
		if c.ctl != "" {
			text += "  ctl: { jwt:  " + c.ctl + ", seed: " + c.seed + "}\n"
		}
		found := CheckTimes(testTime, inlineUser, decodeAt(t, "m", text+"hosts: [{name: a, signs_with: one}, {name: b, signs_with: one}]\n"))
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Severity, f.Rule))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q: %v", c.name, got, c.want, found)
		}
	}
}

// Users of different accounts do not hear each other.
func TestCheckAccounts(t *testing.T) {
	t.Parallel()
	plain := func(*jwt.UserClaims) {}
	text := head + fill(`issuers: [{name: one, public_key: KEY0}]
hosts:
  - {name: a, signs_with: one, nats: {rpc: {seed: a, jwt: `+userOf(t, 1, 2, plain)+`}}}
  - {name: b, signs_with: one, nats: {rpc: {seed: b, jwt: `+userOf(t, 1, 3, plain)+`}}}
  - {name: c, signs_with: one, nats: {rpc: {creds: c.creds}}}
`)
	users := func(d *Document, c Connection) (UserJWT, bool) {
		if c.Creds == "" {
			return inlineUser(d, c)
		}
		user, err := ParseUserJWT(userOf(t, 4, 5, plain))
		return user, err == nil && d.Path() == "m" && c.Creds == "c.creds"
	}
	if found := CheckTimes(testTime, users, decodeAt(t, "m", text)); len(found) != 1 || found[0].Line != 8 || found[0].Rule != RuleTopicSpace {
		t.Errorf("got %v", found)
	}
}

// A key from the future has no age, and max_age is not put off by it.
func TestCheckCreatedInTheFuture(t *testing.T) {
	t.Parallel()
	steady, aged := mustDecode(t, fill(uniform())), mustDecode(t, fill(uniform()+"max_age: 100d\n"))
	for _, c := range []struct {
		doc  *Document
		back time.Duration
		want finding.Severity
	}{
		{steady, time.Minute, ""}, {steady, time.Hour, finding.Warning}, {aged, time.Minute, ""}, {aged, 24 * time.Hour, finding.Error},
	} {
		found := CheckTimes(testTime.Add(-c.back), inlineUser, c.doc)
		switch {
		case c.want == "" && len(found) == 0:
		case len(found) != 1 || found[0].Severity != c.want || found[0].Rule != RuleCreated || found[0].Line != 9 || found[0].Hint == "":
			t.Errorf("%v before: got %v, want %q", c.back, found, c.want)
		}
	}
}

// Limits are known before a rotation begins: 575 hosts with keys of their own need
// more issuers meanwhile than an env file carries.
func TestCheckCapacity(t *testing.T) {
	t.Parallel()
	all := testKeys(t, 2400)
	for _, c := range []struct {
		keys int
		want []string
	}{
		{574, nil},
		{575, []string{"m:6:1 warning too_many_keys"}},
		{1149, []string{"m:6:1 warning too_many_keys"}},
		{1150, []string{"m:6:1 error too_many_keys"}},
		{2400, []string{"m:6:1 error too_many_keys"}},
	} {
		text := "version: 1\nlattice: p\ntarget: rust-0.82\ngeneration: 1\nissuers:\n"
		hosts := "hosts:\n"
		for i := range c.keys {
			text += fmt.Sprintf("- {name: k%d, public_key: %s}\n", i, all[i])
			hosts += fmt.Sprintf("- {name: h%d, signs_with: k%d}\n", i, i)
		}
		found := Check(decodeAt(t, "m", text+hosts))
		if got := brief(found); !slices.Equal(got, c.want) {
			t.Errorf("%d keys: got %q, want %q", c.keys, got, c.want)
		}
	}
	if err := CheckCapacity(MostIssuers()); err != nil || CheckCapacity(MostIssuers()+1) == nil {
		t.Errorf("%d issuers: %v", MostIssuers(), err)
	}
}
