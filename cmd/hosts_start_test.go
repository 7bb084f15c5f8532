//go:build unix

package cmd_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// hostsOfBucket is a lattice whose manifest and seeds are in a bucket: each host opens
// its own seed, and has nothing but an identity file.
type hostsOfBucket struct {
	dir, uri string
	names    []string
	keys     map[string]keys.PublicKey
}

func newHostsOfBucket(t testing.TB, count int, servers ...*natstest.Server) hostsOfBucket {
	t.Helper()
	h := hostsOfBucket{dir: keystoretest.Folder(t), keys: map[string]keys.PublicKey{}}
	var addresses []string
	for _, s := range servers {
		addresses = append(addresses, strings.TrimPrefix(s.URL(), "nats://"))
	}
	h.uri = "nats://" + strings.Join(addresses, ",") + "/team"
	store, first := h.open(t), keystoretest.NewIdentity(t, filepath.Join(h.dir, "alice"))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.Init(t.Context(), []agefile.Recipient{first}, nil))
	m := lattice.Manifest{Lattice: "prod", Generation: 1, Target: wasmcloud.Targets()[0]}
	for i := range count {
		name := fmt.Sprintf("web-%03d", i)
		own := keystoretest.NewIdentity(t, filepath.Join(h.dir, name))
		own.Comment = name
		_, err := store.Admit(t.Context(), own)
		must(err)
		seed, err := keys.Generate(keys.Cluster, rand.Reader)
		must(err)
		store.Also([]string{name})
		must(store.Put(t.Context(), name, seed))
		h.names, h.keys[name] = append(h.names, name), seed.PublicKey()
		m.Issuers = append(m.Issuers, lattice.Issuer{Name: name, PublicKey: seed.PublicKey()})
		m.Hosts = append(m.Hosts, lattice.Host{Name: name, SignsWith: name})
	}
	doc, err := lattice.New("lattice.yaml", m)
	must(err)
	_, _, err = store.Publish(t.Context(), keystore.Manifest{Lattice: "prod", Generation: 1, Text: doc.Bytes()}, nil)
	must(err)
	h.uri, err = store.Trusting(t.Context())
	must(err)
	return h
}

func (h hostsOfBucket) open(t testing.TB) *keystore.Bucket {
	t.Helper()
	at, err := bucket.ParseAddress(h.uri)
	if err != nil {
		t.Fatal(err)
	}
	return bucket.New(h.uri, at, bucket.Options{
		Dial: func(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
			conn, err := natsconn.Connect(ctx, natsconn.Options{Server: natsconn.Server{URLs: at.URLs}, Name: "test", Dial: natstest.Dial, Reconnect: true})
			if err != nil {
				return nil, nil, err
			}
			return conn, conn.Close, nil
		},
		Unlock: agefile.Unlock{IdentityFiles: []string{filepath.Join(h.dir, "alice")}, Named: true}, Now: time.Now, Random: rand.Reader,
	})
}

// startAll starts every host at the same time, as its own machine would, and gives what
// each says on stdout and stderr.
func (h hostsOfBucket) startAll(t testing.TB, latch string) map[string][2]string {
	t.Helper()
	said := map[string][2]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, name := range h.names {
		all.Go(func() {
			start := exec.CommandContext(t.Context(), latch, "env", "exec", name, "--keystore", h.uri, "--identity-file", filepath.Join(h.dir, name), "--", "/usr/bin/env")
			start.Dir, start.Env = h.dir, []string{"HOME=" + filepath.Join(h.dir, "home-"+name)}
			var out, errs strings.Builder
			start.Stdout, start.Stderr = &out, &errs
			if err := start.Run(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, errs.String())
			}
			mu.Lock()
			defer mu.Unlock()
			said[name] = [2]string{out.String(), errs.String()}
		})
	}
	all.Wait()
	return said
}

// gotTheirs makes sure that each host was started with its own seed.
func (h hostsOfBucket) gotTheirs(t testing.TB, said map[string][2]string) {
	t.Helper()
	for _, name := range h.names {
		_, text, _ := strings.Cut(said[name][0], wasmcloud.ClusterSeed+"=")
		text, _, _ = strings.Cut(text, "\n")
		seed, err := keys.ParseSeed([]byte(text), keys.Cluster)
		if err != nil || seed.PublicKey() != h.keys[name] {
			t.Errorf("%s has not got its seed: %v", name, err)
		}
	}
}

// Ten hosts start at the same time from one bucket of three servers, each with its own
// identity; and again with two servers gone, from what their machines have kept.
func TestTenHostsStartAtOnce(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	h := newHostsOfBucket(t, 10, servers...)
	latch := asLatch(t)
	said := h.startAll(t, latch)
	h.gotTheirs(t, said)
	for _, name := range h.names {
		if strings.Contains(said[name][1], "kept") || !strings.Contains(said[name][1], "Using the manifest of prod in nats://") {
			t.Errorf("%s says %q", name, said[name][1])
		}
	}
	for _, s := range servers {
		s.Stop()
	}
	said = h.startAll(t, latch)
	h.gotTheirs(t, said)
	for _, name := range h.names {
		if !strings.Contains(said[name][1], name+" starts with what this machine kept ") {
			t.Errorf("%s says nothing of a copy: %q", name, said[name][1])
		}
	}
}

// BenchmarkHostsStart starts 200 hosts at the same time, as processes that share the
// cores with the server: ms/host is the time until the last has started, divided by how
// many there are, requests/host what each asks of the server, KB/host what it reads.
func BenchmarkHostsStart(b *testing.B) {
	const hosts = 200
	latch := built(b)
	server := natstest.Start(b, natstest.JetStream(b))
	h := newHostsOfBucket(b, hosts, server)
	first := true
	for b.Loop() {
		before, err := server.Varz(nil)
		if err != nil {
			b.Fatal(err)
		}
		h.gotTheirs(b, h.startAll(b, latch))
		after, err := server.Varz(nil)
		if err != nil {
			b.Fatal(err)
		}
		if first {
			b.ReportMetric(float64(after.InMsgs-before.InMsgs)/hosts, "requests/host")
			b.ReportMetric(float64(after.OutBytes-before.OutBytes)/hosts/1000, "KB/host")
			first = false
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/hosts, "ms/host")
}
