package cmd_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkStartup runs whole processes: each command beside a bare Go program
// that makes one key, in turns, so that both feel the same machine. ns/op is
// the command's; x-bare is how many times the bare program's wall time it took.
func BenchmarkStartup(b *testing.B) {
	latch, bare := built(b), filepath.Join(b.TempDir(), "bare")
	if err := compile("testdata/bare", bare); err != nil {
		b.Fatal(err)
	}
	for _, command := range []struct {
		name string
		args []string
	}{
		{"version", []string{"version"}},
		{"help", []string{"help"}},
		{"keys_gen_cluster", []string{"keys", "gen", "cluster", "-q"}},
	} {
		b.Run(command.name, func(b *testing.B) {
			home := "HOME=" + b.TempDir()
			var ours, limit time.Duration
			for b.Loop() {
				limit += run(b, home, bare)
				ours += run(b, home, latch, command.args...)
			}
			b.ReportMetric(float64(ours)/float64(limit), "x-bare")
			b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N), "ns/op")
		})
	}
}

func run(b *testing.B, home, binary string, args ...string) time.Duration {
	b.Helper()
	c := exec.Command(binary, args...)
	c.Env = []string{home}
	start := time.Now()
	if err := c.Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
