package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// nkeyLattice is a folder with a lattice of OTP hosts that log in by nkeys, and of
// one in Rust, which cannot.
func nkeyLattice(t *testing.T) (dir string) {
	t.Helper()
	dir = keystoretest.Folder(t)
	for _, name := range []string{"a-ctl", "a-rpc", "prov", "ann", "eve", "ci"} {
		inFolder(t, dir, 0, "keys gen user --name "+name)
	}
	inFolder(t, dir, 0, "keys gen cluster --name k")
	public := strings.TrimSpace(strings.TrimPrefix(string(inFolder(t, dir, 0, "keys get k")), "Public Key: "))
	manifest := `version: 1
lattice: prod
target: otp
issuers:
  - name: k
    public_key: ` + strings.Fields(public)[0] + `
nats: {rpc: {seed: a-rpc}, ctl: {seed: a-ctl}, prov_rpc: {seed: prov}}
hosts:
  - name: old-1
    signs_with: k
  - name: old-2
    signs_with: k
    nats: {rpc: {seed: a-ctl}}
  - name: web-1
    signs_with: k
    target: rust-0.82
generation: 7
`
	if err := os.WriteFile(filepath.Join(dir, "lattice.yaml"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestUsersConfigOnARealServer: the server's own parser reads the fragment inside
// the accounts block that is there already, and each user gets in by its nkey and
// may do its part, and no more.
func TestUsersConfigOnARealServer(t *testing.T) {
	t.Parallel()
	dir := nkeyLattice(t)
	fragment := filepath.Join(dir, "prod.conf")
	out := string(inFolder(t, dir, 0, "nats users config --operator ann --observer eve --latch ci --with purge --out "+fragment))
	for _, want := range []string{"wrote 6 users", "web-1 (ctl) is left out: hosts in Rust log in by a JWT", "nats-server --signal reload"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in %s", want, out)
		}
	}
	options := serverConfig(t, dir, "accounts {\n include \"prod.conf\"\n OTHER { users: [ { user: other, password: p } ] }\n}\n")
	s := natstest.Start(t, func(o *server.Options) { *o = *options })
	s.Connect(t, natsconn.Login{Name: "other", Password: "p"}) // it is still there
	for _, c := range []struct{ key, may, mayNot string }{
		{"a-ctl", "wasmbus.evt.prod", "wasmbus.ctl.prod.ping.hosts"},
		{"a-ctl", "wasmbus.rpc.prod.MABC", "wasmbus.rpc.dev.MABC"}, // old-2 has the same for rpc
		{"a-rpc", "wasmbus.rpc.prod.MABC", "wasmbus.evt.prod"},
		{"prov", "wasmbus.rpc.prod.MABC", "wasmbus.rpc.prod.VABC.default.shutdown"},
		{"ann", "wasmbus.ctl.prod.cmd.NABC.la", "wasmbus.evt.prod"},
		{"eve", "wasmbus.ctl.prod.ping.hosts", "wasmbus.ctl.prod.cmd.NABC.la"},
		{"ci", "$JS.API.STREAM.PURGE.KV_LATTICEDATA_prod", "$JS.API.STREAM.DELETE.KV_LATTICEDATA_prod"},
	} {
		conn := s.Connect(t, natsconn.Login{Seed: storedSeed(t, dir, c.key)})
		for _, subject := range []string{c.may, c.mayNot} {
			if err := conn.Publish(subject, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := conn.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if denied := conn.Denied(); len(denied) != 1 || denied[0].Subject != c.mayNot {
			t.Errorf("%s: denied %v, want %s alone", c.key, denied, c.mayNot)
		}
	}
}

// TestUsersConfigReloaded: who is taken out is out after a reload, and nobody else.
func TestUsersConfigReloaded(t *testing.T) {
	t.Parallel()
	dir := nkeyLattice(t)
	fragment := filepath.Join(dir, "prod.conf")
	inFolder(t, dir, 0, "nats users config --operator ann --latch ci --out "+fragment)
	options := serverConfig(t, dir, "listen: 127.0.0.1:-1\naccounts { include \"prod.conf\" }\n")
	s := natstest.Start(t, func(o *server.Options) { *o = *options })
	ann, ci := s.Connect(t, natsconn.Login{Seed: storedSeed(t, dir, "ann")}), s.Connect(t, natsconn.Login{Seed: storedSeed(t, dir, "ci")})
	inFolder(t, dir, 0, "nats users config --operator ann --out "+fragment)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	closes(t, ci)
	if err := ann.Settle(t.Context()); err != nil || !ann.IsConnected() {
		t.Errorf("the operator is out too: %v", err)
	}
}

// TestSecondAccountsBlockWins: what the fragment and the help warn of is so.
func TestSecondAccountsBlockWins(t *testing.T) {
	t.Parallel()
	dir := nkeyLattice(t)
	fragment := string(inFolder(t, dir, 0, "nats users config old-1"))
	at := strings.Index(fragment, "# The NATS users")
	if at < 0 {
		t.Fatal(fragment)
	}
	fragment = fragment[at:]
	const own = "accounts { OTHER { users: [ { user: other, password: p } ] } }\n"
	for name, c := range map[string]struct {
		text     string
		accounts int
	}{
		"inside":       {strings.Replace(own, "OTHER", fragment+"OTHER", 1), 2},
		"second block": {own + "accounts {\n" + fragment + "}\n", 1},
	} {
		options := serverConfig(t, dir, c.text)
		if len(options.Accounts) != c.accounts || len(options.Nkeys) != 3 {
			t.Errorf("%s: %d accounts, %d nkeys", name, len(options.Accounts), len(options.Nkeys))
		}
	}
}

// serverConfig is a configuration as the server's own parser reads it. What it
// includes lies beside it: servers take every such path from there on.
func serverConfig(t *testing.T, dir, text string) *server.Options {
	t.Helper()
	path := filepath.Join(dir, "nats-server.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatalf("the server does not read its configuration: %v", err)
	}
	return options
}

func storedSeed(t *testing.T, dir, name string) keys.Seed {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "k", name+".nk"))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := keys.ParseSeed(text, keys.User)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}
