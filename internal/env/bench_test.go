package env

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// BenchmarkWrite writes the files of n hosts that share 16 keys, from the
// manifest on, beside a plain program that creates, writes and renames the same
// bytes and syncs nothing, and one that calls sync before it renames. x-plain and
// x-synced are the first run by their times, x-again the second run, which changes
// nothing, by the first. None waits for what others left to be written: sync is
// called before each.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, seeds := many(b, n)
			var plain, synced, first, again time.Duration
			var peak uint64
			for b.Loop() {
				top := b.TempDir()
				w := Writing{Dir: filepath.Join(top, "env"), Dialect: dialect("dotenv"), Lattice: m}
				sync(b)
				plain += took(func() { writePlainly(b, filepath.Join(top, "plain"), m, seeds, func() {}) })
				sync(b)
				synced += took(func() { writePlainly(b, filepath.Join(top, "synced"), m, seeds, func() { sync(b) }) })
				sync(b)
				runtime.GC()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				first += took(func() { writeMany(b, w, m, seeds, n) })
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapSys-after.HeapReleased)
				again += took(func() { writeMany(b, w, m, seeds, 0) })
			}
			b.ReportMetric(float64(first)/float64(plain), "x-plain")
			b.ReportMetric(float64(first)/float64(synced), "x-synced")
			b.ReportMetric(float64(again)/float64(first), "x-again")
			b.ReportMetric(float64(first.Microseconds())/float64(n*b.N), "µs/host")
			b.ReportMetric(float64(plain.Microseconds())/float64(n*b.N), "plain-µs/host")
			b.ReportMetric(float64(peak>>20), "MiB-heap")
		})
	}
}

func took(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func many(b *testing.B, n int) (lattice.Manifest, map[string]keys.Seed) {
	b.Helper()
	target, err := wasmcloud.ParseTarget("rust-0.82")
	if err != nil {
		b.Fatal(err)
	}
	m, seeds := lattice.Manifest{Lattice: "prod", Target: target, Generation: 1}, map[string]keys.Seed{}
	for i := range 16 {
		name := fmt.Sprint("key-", i)
		seed, err := keys.Generate(keys.Cluster, newRepeating(byte(i)))
		if err != nil {
			b.Fatal(err)
		}
		seeds[name] = seed
		m.Issuers = append(m.Issuers, lattice.Issuer{Name: name, PublicKey: seed.PublicKey()})
	}
	for i := range n {
		m.Hosts = append(m.Hosts, lattice.Host{Name: fmt.Sprintf("host-%05d", i), SignsWith: m.Issuers[i%16].Name})
	}
	return m, seeds
}

type repeating byte

func newRepeating(b byte) repeating { return repeating(b + 1) }

func (r repeating) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

func manyEnvironments(b *testing.B, m lattice.Manifest, seeds map[string]keys.Seed) []Environment {
	b.Helper()
	build, all := NewBuilder(m), make([]Environment, 0, len(m.Hosts))
	for _, h := range m.Hosts {
		e, err := build.For(h.Name, seeds[h.SignsWith], nil)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func writeMany(b *testing.B, w Writing, m lattice.Manifest, seeds map[string]keys.Seed, changed int) {
	b.Helper()
	report, err := Write(b.Context(), w, manyEnvironments(b, m, seeds))
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range report.Files {
		if o.Changed {
			changed--
		}
	}
	if changed != 0 {
		b.Fatalf("%d files too few were written", changed)
	}
}

// sync has the system write all that waits for it.
func sync(b *testing.B) {
	b.Helper()
	if err := exec.Command("sync").Run(); err != nil {
		b.Fatal(err)
	}
}

// writePlainly is given the bytes; making them is not its task. It calls written
// before it renames.
func writePlainly(b *testing.B, dir string, m lattice.Manifest, seeds map[string]keys.Seed, written func()) {
	b.Helper()
	e, err := NewBuilder(m).For(m.Hosts[0].Name, seeds[m.Hosts[0].SignsWith], nil)
	if err != nil {
		b.Fatal(err)
	}
	data, err := dialect("dotenv").Render(e, Revealed)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	for _, h := range m.Hosts {
		if err := os.WriteFile(filepath.Join(dir, h.Name+".tmp"), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	written()
	for _, h := range m.Hosts {
		if err := os.Rename(filepath.Join(dir, h.Name+".tmp"), filepath.Join(dir, h.Name)); err != nil {
			b.Fatal(err)
		}
	}
}
