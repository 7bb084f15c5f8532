package cmd_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/process"
)

// natsWorld is a folder with a manifest, the keys of an operator, and the
// credentials of its system account.
type natsWorld struct {
	dir      string
	operator *natstest.Operator
	now      func() time.Time
}

func newNATSWorld(t *testing.T, operator *natstest.Operator, target string) *natsWorld {
	t.Helper()
	w := &natsWorld{dir: t.TempDir(), operator: operator, now: time.Now}
	if err := os.Mkdir(w.path("k"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.write(t, "k/ops.nk", operator.Seed.Reveal())
	admin := operator.System.User(t, "admin")
	creds, err := jwt.FormatUserConfig(admin.JWT, admin.Seed.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, "sys.creds", creds)
	w.must(t, "lattice", "init", "--prefix", "prod", "--host", "web-1", "--host", "web-2", "--target", target)
	return w
}

func (w *natsWorld) path(name string) string { return filepath.Join(w.dir, name) }

func (w *natsWorld) write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(w.path(name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *natsWorld) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(w.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// latch runs a command.
func (w *natsWorld) latch(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, told bytes.Buffer
	code = cmd.Main(t.Context(), process.System{
		Args:    append([]string{"latch"}, args...),
		Environ: []string{"HOME=" + w.dir, "LATCH_MANIFEST=" + w.path("lattice.yaml"), "LATCH_KEYSTORE=dir:" + w.path("k")},
		Stdin:   strings.NewReader(""), Stdout: &out, Stderr: &told,
		Now: w.now, Random: rand.Reader, Dial: (&net.Dialer{}).DialContext,
	})
	if text := out.String() + told.String(); keys.MayHoldSeed(text) {
		t.Fatalf("%v: a seed was printed", args)
	}
	return code, out.String(), told.String()
}

func (w *natsWorld) must(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := w.latch(t, args...)
	if code != 0 {
		t.Fatalf("%v: exit %d\n%s%s", args, code, stdout, stderr)
	}
	return stdout, stderr
}

// login is a user that was issued.
func (w *natsWorld) login(t *testing.T, name string) natsconn.Login {
	t.Helper()
	seed, err := keys.ParseSeed([]byte(w.read(t, "k/"+name+".nk")), keys.User)
	if err != nil {
		t.Fatal(err)
	}
	return natsconn.Login{JWT: strings.TrimSpace(w.read(t, "nats/"+name+".jwt")), Seed: seed}
}

// closes waits until the connection is lost for good.
func closes(t *testing.T, conn *natsconn.Conn) {
	t.Helper()
	for begun := time.Now(); !conn.IsClosed(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatal("the revoked provider is still connected")
		}
	}
}

// answers has a host's connection answer what is asked of it in its lattice.
func answers(t *testing.T, host *natsconn.Conn) {
	t.Helper()
	sub, err := host.Subscribe("wasmbus.rpc.prod.MACTOR", func(m *nats.Msg) { _ = m.Respond([]byte("here")) })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := host.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, err := host.Request("wasmbus.rpc.prod.MACTOR", nil, 10*time.Second)
	if err != nil || string(m.Data) != "here" || len(host.Denied()) > 0 {
		t.Fatalf("the host does not answer: %v, %v", err, host.Denied())
	}
}

// TestProviderRevokedAtRuntime: on a cluster of three, the users of a lattice come to
// be with its account, work, and one of them is revoked on every server while its
// host goes on. An older account that a colleague pushes is noticed and mended.
func TestProviderRevokedAtRuntime(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	cluster := natstest.Cluster(t, 3, operator.RunEach(t))
	w := newNATSWorld(t, operator, "otp")
	live := []string{"--nats", cluster[0].URL(), "--creds", w.path("sys.creds")}
	_, told := w.must(t, append([]string{"nats", "users", "issue", "--account-per-lattice", "--operator", "ops", "--push"}, live...)...)
	if !strings.Contains(told, "3 of 3 servers use the account") || !strings.Contains(told, "neither hears nor answers until it is restarted") {
		t.Fatalf("told %s", told)
	}
	w.must(t, "env", "write")
	if w.must(t, "lattice", "check"); !strings.Contains(w.read(t, "env/web-1.env"), "WASMCLOUD_PROV_RPC_JWT=eyJ") {
		t.Fatal("the env file has no user for providers")
	}
	provider := cluster[2].Connect(t, w.login(t, "prod-web-1-prov_rpc.2"))
	host := cluster[1].Connect(t, w.login(t, "prod-web-1-rpc.2"))
	answers(t, host)

	account := w.read(t, "nats/prod-account.jwt")
	stdout, _ := w.must(t, append([]string{"nats", "users", "revoke", "web-1", "--for", "prov_rpc", "--push", "-o", "json"}, live...)...)
	var doc struct {
		Proved  bool
		Servers []string
		Tried   []struct {
			For    string
			In     bool `json:"let_in"`
			Should bool `json:"wanted"`
		}
	}
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil || !doc.Proved || len(doc.Servers) != 3 || len(doc.Tried) != 9 {
		t.Fatalf("%v: %s", err, stdout)
	}
	for _, tried := range doc.Tried {
		if tried.In != tried.Should || tried.Should != (tried.For != "prov_rpc") {
			t.Errorf("%+v", tried)
		}
	}
	closes(t, provider)
	answers(t, host)

	w.colleaguePushes(t, cluster, account)
	revoked := w.revokedUser(t)
	_, told = w.must(t, append([]string{"nats", "users", "revoke", revoked, "--for", "prov_rpc", "--push", "--cut-off"}, live...)...)
	if !strings.Contains(told, "the servers had lost the revocation of web-1 prov_rpc") {
		t.Errorf("told %s", told)
	}
	w.must(t, "nats", "users", "issue")
	cluster[0].Connect(t, w.login(t, "prod-web-1-prov_rpc.3"))
	check := []string{"nats", "check", "--nats", cluster[0].URL()}
	if code, out, told := w.latch(t, check...); strings.Contains(out, "lets the revoked user") {
		t.Errorf("exit %d: %s%s", code, out, told)
	}
	w.takesBack(t, cluster[2], account)
	if code, out, told := w.latch(t, check...); code != 3 || !strings.Contains(out, cluster[2].URL()+" lets the revoked user "+revoked) {
		t.Errorf("another server of the cluster: exit %d: %s%s", code, out, told)
	}
	w.colleaguePushes(t, cluster, account)
	if code, out, told := w.latch(t, check...); code != 3 || !strings.Contains(out, cluster[0].URL()+" lets the revoked user "+revoked+" of host web-1 in, for prov_rpc") {
		t.Errorf("exit %d: %s%s", code, out, told)
	}
	if code, out, _ := w.latch(t, "nats", "users", "issue"); code != 0 || !strings.Contains(out, "nothing to issue: 6 users are up to date") {
		t.Errorf("issued again: %s", out)
	}
}

// colleaguePushes gives the servers of a cluster an account JWT as somebody does who
// knows of nothing. Each has it afterwards.
func (w *natsWorld) colleaguePushes(t *testing.T, cluster []*natstest.Server, account string) {
	t.Helper()
	admin := cluster[1].Connect(t, w.operator.System.User(t, "colleague"))
	inbox := admin.NewInbox()
	answers, err := admin.SubscribeSync(inbox)
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.PublishRequest("$SYS.REQ.CLAIMS.UPDATE", inbox, []byte(strings.TrimSpace(account))); err != nil {
		t.Fatal(err)
	}
	for range cluster {
		m, err := answers.NextMsg(time.Minute)
		if err != nil || !strings.Contains(string(m.Data), "jwt updated") {
			t.Fatalf("%v: %+v", err, m)
		}
	}
	parsed, err := users.ParseAccount(account)
	if err != nil || parsed.Revocations() != 0 {
		t.Fatalf("the older account has %d revocations: %v", parsed.Revocations(), err)
	}
}

// takesBack has one server alone use an account JWT.
func (w *natsWorld) takesBack(t *testing.T, s *natstest.Server, account string) {
	t.Helper()
	claims, err := jwt.DecodeAccountClaims(strings.TrimSpace(account))
	if err != nil {
		t.Fatal(err)
	}
	used, err := s.LookupAccount(claims.Subject)
	if err != nil {
		t.Fatal(err)
	}
	s.UpdateAccountClaims(used, claims)
}

// revokedUser is the key of the only user that the manifest has revoked.
func (w *natsWorld) revokedUser(t *testing.T) string {
	t.Helper()
	_, rest, found := strings.Cut(w.read(t, "lattice.yaml"), "revoked:")
	_, rest, _ = strings.Cut(rest, "public_key: ")
	key, _, _ := strings.Cut(rest, "\n")
	if !found || !keys.WellSpelled(key, keys.User) {
		t.Fatal("the manifest has no revocation")
	}
	return key
}

// TestRevokedFromAnOldCopy: a server that keeps only copies of accounts goes on by an old
// one after its start, and takes no new one before a user has come.
func TestRevokedFromAnOldCopy(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	cluster := natstest.Cluster(t, 3, operator.RunEachBut(t, "n3"))
	w := newNATSWorld(t, operator, "otp")
	live := []string{"--push", "--nats", cluster[0].URL(), "--creds", w.path("sys.creds")}
	_, told := w.must(t, append([]string{"nats", "users", "issue", "--account-per-lattice", "--operator", "ops"}, live...)...)
	if !strings.Contains(told, "2 of 3 servers use the account: n1, n2; when a user of it comes, n3 looks it up.") {
		t.Fatalf("told %s", told)
	}
	login := w.login(t, "prod-web-1-prov_rpc.2")
	cluster[2].Connect(t, login).Close()
	cluster[2].Restart(t)
	w.knownTo(t, cluster)
	stdout, told := w.must(t, append([]string{"nats", "users", "revoke", "web-1", "--for", "prov_rpc"}, live...)...)
	if !strings.Contains(stdout, "3 of 3 servers use the account: n1, n2, n3\n") || !strings.Contains(stdout, "revoked  0 of 3 servers") {
		t.Errorf("%s%s", stdout, told)
	}
	if conn, err := natsconn.Connect(t.Context(), cluster[2].Options(login)); err == nil {
		conn.Close()
		t.Error("the server goes by its old copy")
	}
}

// knownTo waits until each server of a cluster counts all of them.
func (w *natsWorld) knownTo(t *testing.T, cluster []*natstest.Server) {
	t.Helper()
	for _, s := range cluster {
		admin := s.Connect(t, w.operator.System.User(t, "counting"))
		for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
			m, err := admin.Request("$SYS.REQ.SERVER."+s.ID()+".STATSZ", nil, time.Minute)
			if err != nil || time.Since(begun) > time.Minute {
				t.Fatalf("%s does not count all servers: %v, %+v", s.Name(), err, m)
			}
			if strings.Contains(string(m.Data), fmt.Sprintf(`"active_servers":%d,`, len(cluster))) {
				break
			}
		}
	}
}

// TestRenewedByADeploy: users that near their end are warned of, and renewed by the
// deploy that a rotation needs anyway; once.
func TestRenewedByADeploy(t *testing.T) {
	t.Parallel()
	w := newNATSWorld(t, natstest.NewOperator(t), "rust-0.82")
	w.must(t, "nats", "users", "issue", "--account-per-lattice", "--operator", "ops")
	if _, told := w.must(t, "issuers", "rotate", "start", "--dry-run"); strings.Contains(told, "expire soon") {
		t.Errorf("told too early: %s", told)
	}
	w.now = func() time.Time { return time.Now().Add(62 * 24 * time.Hour) }
	if stdout, _ := w.must(t, "lattice", "check"); strings.Count(stdout, "warning: the JWT for") != 4 || !strings.Contains(stdout, "latch nats users issue, then deploy") {
		t.Errorf("checked: %s", stdout)
	}
	if stdout, _ := w.must(t, "nats", "users", "list"); strings.Count(stdout, " due ") != 4 {
		t.Errorf("listed: %s", stdout)
	}
	if _, told := w.must(t, "issuers", "rotate", "start"); !strings.Contains(told, "NATS users that expire soon: 4") {
		t.Errorf("told %s", told)
	}
	if stdout, _ := w.must(t, "nats", "users", "issue", "-o", "json"); strings.Count(stdout, `"reason":"expires"`) != 4 && strings.Count(stdout, `"reason": "expires"`) != 4 {
		t.Errorf("issued %s", stdout)
	}
	w.must(t, "env", "write")
	if stdout, _ := w.must(t, "lattice", "check"); strings.Contains(stdout, "JWT") {
		t.Errorf("checked again: %s", stdout)
	}
	if env := w.read(t, "env/web-1.env"); !strings.Contains(env, "# generation: 4\n") || !strings.Contains(env, "WASMCLOUD_CLUSTER_ISSUERS=C") {
		t.Errorf("one deploy does not carry both:\n%s", env[:300])
	}
	if stdout, _ := w.must(t, "nats", "users", "list"); strings.Count(stdout, " former ") != 4 {
		t.Errorf("listed: %s", stdout)
	}
}
