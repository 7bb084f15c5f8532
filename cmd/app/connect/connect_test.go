package connect_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/process"
)

// world is a person's folder with a manifest, a keystore, and a server that lets in
// the user whom both know.
type world struct {
	dir    string
	server *natstest.Server
	user   keys.Seed
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := world{dir: t.TempDir(), user: natstest.Key(t, keys.User)}
	w.server = natstest.Start(t, func(o *server.Options) {
		o.Nkeys = []*server.NkeyUser{{Nkey: w.user.PublicKey().String()}}
	})
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(w.server.URL(), "nats://"))
	cluster := natstest.Key(t, keys.Cluster)
	w.write(t, "lattice.yaml", "version: 1\nlattice: prod\ntarget: rust-0.82\nissuers:\n  - name: prod-cluster\n    public_key: "+cluster.PublicKey().String()+
		"\nnats:\n  ctl: {host: 127.0.0.1, port: "+port+"}\nhosts:\n  - name: web-1\n    signs_with: prod-cluster\n    nats:\n      ctl: {seed: web-1-ctl}\n")
	w.write(t, "user.nk", string(w.user.Reveal())+"\n")
	w.write(t, "not.creds", "none")
	text, _ := json.Marshal(map[string]string{"url": w.server.URL(), "nkey": filepath.Join(w.dir, "user.nk")})
	w.write(t, "config/nats/context/prod.json", string(text))
	return w
}

func (w world) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// connects runs a command that only connects.
func (w world) connects(t *testing.T, args ...string) error {
	t.Helper()
	var flags connect.Flags
	a := app.New(process.System{
		Environ: []string{"HOME=" + w.dir, "XDG_CONFIG_HOME=" + filepath.Join(w.dir, "config"), "LATCH_SEED_WEB_1_CTL=" + string(w.user.Reveal())},
		Stdin:   &bytes.Buffer{}, Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Dial: (&net.Dialer{}).DialContext, Columns: func() int { return 80 },
	})
	root := &cobra.Command{Use: "latch"}
	a.Attach(root)
	status := &cobra.Command{Use: "status", RunE: func(c *cobra.Command, _ []string) error {
		conn, end, err := flags.Open(c.Context(), a, nil)
		if err != nil {
			return err
		}
		defer end()
		return conn.Settle(c.Context())
	}}
	flags.Register(status, a)
	root.AddCommand(status)
	if !slices.Contains(args, "-m") {
		args = append(args, "-m", filepath.Join(w.dir, "lattice.yaml"))
	}
	root.SetArgs(append([]string{"status", "--keystore", "env:"}, args...))
	return root.ExecuteContext(t.Context())
}

// TestOpen: a command connects as whom it is told, by host, by context and by file,
// and where: by flag, or else as the manifest says.
func TestOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := natstest.Start(t)
	for name, args := range map[string][]string{
		"a host of the manifest":       {"--as", "web-1"},
		"a context":                    {"--nats-context", "prod"},
		"another server":               {"--nats", open.URL()},
		"another server, no manifest":  {"--nats", open.URL(), "-m", filepath.Join(w.dir, "none.yaml")},
		"a server that is named twice": {"--nats", open.URL() + "," + w.server.URL()},
	} {
		if err := w.connects(t, args...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var failure *natsconn.Failure
	if err := w.connects(t); !errors.As(err, &failure) || failure.Step != natsconn.Authenticate || !strings.Contains(fault.HintOf(err), "--as HOST") {
		t.Errorf("nobody is let in, but: %v", err)
	}
	for says, args := range map[string][]string{
		`no host is named "web1"`:  {"--as", "web1"},
		"cannot be given together": {"--as", "web-1", "--creds", "x"},
		"x.creds":                  {"--creds", "x.creds"},
		"no credentials file":      {"--creds", filepath.Join(w.dir, "not.creds")},
		"is not usable":            {"--nats", "http://a"},
		"staging.json":             {"--nats-context", "staging"},
		"no manifest at":           {"--as", "web-1", "-m", filepath.Join(w.dir, "none.yaml")},
	} {
		if err := w.connects(t, args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
}
