//go:build linux

package cmd_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
	"github.com/latch-keys/latch/internal/oracle"
)

// No seed touches the disk unencrypted on any path of age: and keyring:, not
// even for a moment: every write of every command is traced, and every file that
// is left is read.
func TestNoSeedTouchesTheDisk(t *testing.T) {
	t.Parallel()
	tr := &tracer{t: t, strace: oracle.Need(t, "strace"), latch: asLatch(t), home: t.TempDir()}
	session := secretservicetest.Start(t, secretservicetest.Unlocked)
	tr.environ = append([]string{"PATH=" + os.Getenv("PATH")}, session.Environ...)
	tr.environ = append(tr.environ, "HOME="+tr.home, "XDG_DATA_HOME="+filepath.Join(tr.home, "data"), "LATCH_IDENTITY_FILE="+filepath.Join(tr.home, "id"))
	keygen := exec.Command(oracle.Need(t, "age-keygen"), "-o", filepath.Join(tr.home, "id"))
	if out, err := keygen.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	public, err := exec.Command("age-keygen", "-y", filepath.Join(tr.home, "id")).Output()
	if err != nil {
		t.Fatal(err)
	}
	to := strings.TrimSpace(string(public))
	tr.run("keystore init age:team --to " + to)
	for _, store := range []string{"age:team", "keyring:"} {
		tr.run("keys gen cluster --name a --keystore " + store)
		tr.run("keys gen server --name b --keystore " + store)
		tr.run("keys rename b c --keystore " + store)
		tr.run("keystore check " + store)
		tr.run("keys export a --keystore " + store + " --to " + to + " --out a-" + store[:3] + ".age")
		tr.run("keystore backup " + store[:3] + ".age --keystore " + store + " --to " + to)
		tr.run("keystore backup " + store[:3] + ".age --verify --keystore " + store)
		tr.reveal("keys get a --seed --keystore " + store)
		tr.reveal("keys get c --seed --keystore " + store)
	}
	tr.run("keystore recipients add " + somebody + " --keystore age:team")
	tr.run("keys delete c --yes --keystore age:team")
	tr.run("keys delete c --yes --keystore keyring:")
	tr.run("keystore restore key.age --keystore keyring:")
	tr.run("keystore init age:copy --to " + to)
	tr.run("keystore copy keyring: age:copy")
	tr.run("keystore copy keyring: age:copy")
	tr.run("keys list --repair --keystore keyring:")
	tr.run("keystore recipients remove " + somebody + " --keystore age:team")
	tr.judge()
}

// tracer runs commands and keeps what they wrote.
type tracer struct {
	t                   *testing.T
	strace, latch, home string
	environ             []string
	seeds               []string
	traces              []string
	writes              int  // to files
	seen                bool // a seed, anywhere: on a pipe, on the bus
}

// run traces one command: it must succeed.
func (tr *tracer) run(line string) []byte {
	tr.t.Helper()
	trace := filepath.Join(tr.t.TempDir(), "trace")
	args := []string{"-f", "-y", "-s", "1000000", "-o", trace, "-e", "trace=write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice", tr.latch}
	cmd := exec.Command(tr.strace, append(args, strings.Fields(line)...)...)
	cmd.Env, cmd.Dir = tr.environ, tr.home
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		tr.t.Fatalf("%s: %v\n%s", line, err, stderr.Bytes())
	}
	tr.traces = append(tr.traces, trace)
	return out
}

// reveal prints a seed, to a pipe, so that it can be looked for.
func (tr *tracer) reveal(line string) {
	tr.t.Helper()
	seed := strings.TrimSpace(string(tr.run(line)))
	if len(seed) != 58 {
		tr.t.Fatalf("%s printed %d characters", line, len(seed))
	}
	tr.seeds = append(tr.seeds, seed)
}

// toDisk is a write into a file: strace shows its path.
var toDisk = regexp.MustCompile(`^\d+ +\w+\(\d+<(/[^>]*)>`)

func (tr *tracer) judge() {
	tr.t.Helper()
	for _, path := range tr.inClear() {
		tr.t.Errorf("a seed was written to %s", path)
	}
	if tr.writes < 25 || !tr.seen || len(tr.seeds) != 4 {
		tr.t.Errorf("%d writes were traced, a seed was seen on a pipe: %v, %d seeds", tr.writes, tr.seen, len(tr.seeds))
	}
	tr.t.Logf("%d commands, %d writes to disk", len(tr.traces), tr.writes)
	tr.judgeFiles()
	// What it looks for it also finds: a plain keystore is not sealed.
	tr.run("keystore copy age:team dir:plain")
	if len(tr.inClear()) != 1 {
		tr.t.Error("the seed of a plain keystore was not seen in the trace")
	}
}

// inClear are the files that a seed was written to.
func (tr *tracer) inClear() []string {
	tr.t.Helper()
	var paths []string
	tr.writes = 0
	for _, trace := range tr.traces {
		text, err := os.ReadFile(trace)
		if err != nil {
			tr.t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			tr.seen = tr.seen || tr.in(line)
			if path := toDisk.FindStringSubmatch(line); path != nil && !strings.HasPrefix(path[1], "/dev/") {
				tr.writes++
				if tr.in(line) {
					paths = append(paths, path[1])
				}
			}
		}
	}
	return paths
}

// in reports whether text holds any run of a seed.
func (tr *tracer) in(text string) bool {
	for _, seed := range tr.seeds {
		for at := 4; at+16 <= len(seed); at += 4 {
			if strings.Contains(text, seed[at:at+16]) {
				return true
			}
		}
	}
	return false
}

func (tr *tracer) judgeFiles() {
	tr.t.Helper()
	files := 0
	err := filepath.WalkDir(tr.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if err == nil && tr.in(string(text)) {
			tr.t.Errorf("%s holds a seed", path)
		}
		return err
	})
	if err != nil || files < 8 {
		tr.t.Errorf("%d files, %v", files, err)
	}
}
