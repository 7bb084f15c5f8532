package cmd_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/process"
)

// All servers are dialled at once and for a bounded time; nothing is sent to them.
func TestDoctorOnlyDials(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	manifest := filepath.Join(dir, "lattice.yaml")
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := "version: 1\nlattice: prod\ntarget: rust-0.82\nkeystore: 'env:'\n" +
		"nats: {rpc: {host: up.example.org}, ctl: {host: hangs.example.org, port: 4333}}\n" +
		"issuers:\n  - name: k\n    public_key: " + seed.PublicKey().String() + "\nhosts:\n  - name: a\n    signs_with: k\n"
	if err := os.WriteFile(manifest, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ours, theirs := net.Pipe()
	var both sync.WaitGroup
	both.Add(2) // neither waits for the other
	var out, said strings.Builder
	cmd.Main(t.Context(), process.System{
		Args: []string{"latch", "doctor", "-m", manifest}, Environ: []string{"HOME=" + dir}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
		Now: time.Now,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			both.Done()
			both.Wait()
			deadline, bounded := ctx.Deadline()
			if network != "tcp" || !bounded || time.Until(deadline) > 2*time.Second {
				t.Errorf("dials %s %s, until %v", network, address, deadline)
			}
			if strings.HasPrefix(address, "hangs.") {
				return nil, errors.New("i/o timeout")
			}
			return ours, nil
		},
	})
	for _, want := range []string{
		"ok       nats: up.example.org:4222 accepts TCP connections; this was only a dial",
		"warning  nats: hangs.example.org:4333 does not accept a TCP connection from here: i/o timeout",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %s, got %s%s", want, out.String(), said.String())
		}
	}
	if n, err := theirs.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Errorf("%d bytes were sent to the server (%v)", n, err)
	}
}
