//go:build linux

package cmd_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/oracle"
)

// fleetPage plays what docs/teams.md has people and machines type, each with a home of
// their own.
type fleetPage struct {
	t       *testing.T
	bash    string
	servers string // HOST:PORT,HOST:PORT,HOST:PORT
	dir     string
	exports map[string]string // by who typed them
	shown   string            // all that was printed

	mu       sync.Mutex
	services strings.Builder // what the hosts have said
}

// Every line of the section is typed as it stands, against three real servers. Only
// that hosts look more often than every ten seconds is added.
func TestAnUnattendedRotation(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	var at []string
	for _, s := range servers {
		at = append(at, strings.TrimPrefix(s.URL(), "nats://"))
	}
	p := &fleetPage{
		t: t, bash: oracle.Need(t, "bash"), servers: strings.Join(at, ","), dir: t.TempDir(), exports: map[string]string{},
	}
	oracle.Need(t, "age-keygen")
	bin := filepath.Join(p.dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	standInFor(t, bin)
	if err := os.Symlink("latch", filepath.Join(bin, "simulate")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "wasmcloud_host"), []byte("#!/bin/sh\nexec simulate host\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, line := range p.lines() {
		last = p.typed(line[0], line[1])
	}
	if !strings.Contains(last, "3 of 3 hosts answered, all as written") || strings.Contains(last, "shop-cluster  ") {
		t.Errorf("in the end: %s", last)
	}
	for _, host := range []string{"web-1", "web-2", "edge-1"} {
		said := ""
		for begun := time.Now(); time.Since(begun) < time.Minute && strings.Count(said, host+" is back, and as written.") < 3; time.Sleep(20 * time.Millisecond) {
			said = p.said()
		}
		if strings.Count(said, "Started "+host) != 3 {
			t.Errorf("%s was not started anew three times: %s", host, said)
		}
	}
	if keys.MayHoldSeed(p.shown) {
		t.Error("a seed is shown")
	}
}

// lines are who types and what, as the page has it.
func (p *fleetPage) lines() (all [][2]string) {
	p.t.Helper()
	text, err := os.ReadFile(cmd.Source("../docs/teams.md"))
	if err != nil {
		p.t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^<!-- test: TestAnUnattendedRotation -->\n```\n(.*?)^```$").FindStringSubmatch(string(text))
	if block == nil {
		p.t.Fatal("docs/teams.md shows no rotation")
	}
	prompt := regexp.MustCompile(`^([a-z0-9-]+)\$ (.*\n)$`)
	for line := range strings.Lines(block[1]) {
		if typed := prompt.FindStringSubmatch(line); typed != nil {
			all = append(all, [2]string{typed[1], typed[2]})
		} else {
			all[len(all)-1][1] += line
		}
	}
	if len(all) < 20 {
		p.t.Fatalf("the page has %d lines", len(all))
	}
	return all
}

// typed runs one line, and gives what it printed.
func (p *fleetPage) typed(who, line string) string {
	p.t.Helper()
	line = p.filled(line)
	home := filepath.Join(p.dir, who)
	if err := os.MkdirAll(home, 0o700); err != nil {
		p.t.Fatal(err)
	}
	if strings.HasPrefix(line, "export ") {
		p.exports[who] += line
		return ""
	}
	service := strings.Contains(line, "--restart-on-change")
	if service {
		line = "exec " + strings.Replace(line, "--restart-on-change", "--restart-on-change --every 300ms --settle 300ms", 1)
	}
	run := exec.CommandContext(p.t.Context(), p.bash, "-eu", "-o", "pipefail", "-c", p.exports[who]+line)
	run.Dir = home
	run.Env = []string{"PATH=" + filepath.Join(p.dir, "bin") + ":/usr/bin:/bin", "HOME=" + home, "DBUS_SESSION_BUS_ADDRESS="}
	if service {
		p.serve(run)
		return ""
	}
	out, err := run.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%s$ %s%v: %s\nthe hosts: %s", who, line, err, keys.Mask(string(out)), p.said())
	}
	p.shown += string(out)
	return string(out)
}

// serve runs a host until the test ends.
func (p *fleetPage) serve(run *exec.Cmd) {
	run.Stdout, run.Stderr = (*hostsLog)(p), (*hostsLog)(p)
	run.Cancel = func() error { return run.Process.Signal(syscall.SIGTERM) }
	run.WaitDelay = 10 * time.Second
	if err := run.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	p.t.Cleanup(func() { // its context is over
		if err := <-ended; err != nil && err.Error() != context.Canceled.Error() {
			p.t.Errorf("a host's latch ended with %v", err)
		}
	})
}

// hostsLog gathers what hosts say.
type hostsLog fleetPage

// Write adds to it.
func (l *hostsLog) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.services.Write(data)
}

func (p *fleetPage) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return keys.Mask(p.services.String())
}

// filled puts in what the page leaves out: where the servers are, and what was printed.
func (p *fleetPage) filled(line string) string {
	first, _, _ := strings.Cut(p.servers, ",")
	_, port, _ := strings.Cut(first, ":")
	line = strings.ReplaceAll(line, "host: nats.example.org, port: 4222", "host: 127.0.0.1, port: "+port)
	line = strings.ReplaceAll(line, "nats.example.org:4222", p.servers)
	for mark, printed := range map[string]string{
		"maintainer=U…": `maintainer=U[A-Z2-7]{55}`, "age1…": `age1[a-z0-9]{58}`, "add U…": `Your signing key is U[A-Z2-7]{55}`,
	} {
		if !strings.Contains(line, mark) {
			continue
		}
		found := regexp.MustCompile(printed).FindAllString(p.shown, -1)
		if len(found) == 0 {
			p.t.Fatalf("nothing was printed for %s in %s", mark, line)
		}
		value := strings.Replace(found[len(found)-1], "Your signing key is", "add", 1)
		line = strings.ReplaceAll(line, mark, value)
	}
	return line
}
