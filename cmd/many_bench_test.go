package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkManyLattices runs whole commands on four lattices of 3,000 hosts, each of
// which includes one file with what all share. ns/op is the command's wall time, cpu-s
// its processor time.
func BenchmarkManyLattices(b *testing.B) {
	latch, dir := built(b), b.TempDir()
	shared := "version: 1\ntarget: rust-0.82\nkeystore: dir:keys\n"
	if err := os.Mkdir(filepath.Join(dir, "envs"), 0o700); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "envs", "shared.yaml"), []byte(shared), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"dev", "test", "staging", "prod"} {
		path := filepath.Join("envs", name, "lattice.yaml")
		if err := os.Mkdir(filepath.Join(dir, "envs", name), 0o700); err != nil {
			b.Fatal(err)
		}
		text := fmt.Sprintf("version: 1\ninclude: ../shared.yaml\nlattice: %s\n", name)
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		for _, line := range []string{
			"keys gen cluster --name KEY", "issuers add KEY", "hosts add --count 3000 --template web-{n}",
		} {
			runIn(b, dir, latch, append(strings.Fields(strings.ReplaceAll(line, "KEY", name+"-key")), "-m", path)...)
		}
	}
	for _, line := range []string{
		"lattice check envs", "lattice show --all", "hosts list --all", "issuers list --all", "issuers rotate status --all",
		"env write --all", "env write --all --check", "env write --all --check --diff", "keystore check --all", "hosts list --all -o json",
	} {
		b.Run(strings.ReplaceAll(line, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				c := runIn(b, dir, latch, strings.Fields(line)...)
				b.ReportMetric((c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), "cpu-s")
			}
		})
	}
}

func runIn(b *testing.B, dir, binary string, args ...string) *exec.Cmd {
	b.Helper()
	c := exec.Command(binary, args...)
	c.Dir, c.Env = dir, []string{"HOME=" + dir}
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return c
}
