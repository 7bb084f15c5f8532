package cmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/oracle"
)

// fileOperations are the system calls by which latch changes files, and those
// that open them. strace counts each by itself.
func fileOperations() []string {
	return []string{"openat", "mkdirat", "write", "fsync", "renameat", "renameat2", "linkat", "unlinkat", "fchmod"}
}

// killing is a command that dies, and what has to hold after it.
type killing struct {
	name   string
	before []string // the commands that lead up to it
	args   string
	phases []string // before it and after it
	again  []int    // exit codes of the same command after the kill
	least  int      // so many moments to die at least
	most   int      // so many keys are there at most
}

func killings() []killing {
	const start, on = "issuers rotate start", "issuers rotate next --attest all"
	return []killing{
		{"start", nil, start, []string{"steady", "introduce"}, []int{0, 5}, 15, 4},
		{"next", []string{start}, on, []string{"introduce", "switch"}, []int{0}, 15, 4},
		{"refused next", []string{start, "issuers rotate next --attest a,b"}, "issuers rotate next --attest a", []string{"switch", "switch"}, []int{5}, 15, 4},
		{"abort", []string{start, on, on}, "issuers rotate abort", []string{"retire", "introduce"}, []int{0}, 15, 4},
		{"emergency", nil, "issuers rotate emergency --compromised p-cluster --confirm p", []string{"steady", "retire"}, []int{0, 4, 5}, 15, 4},
		{"users", []string{"keys gen account --name acct"}, "nats users issue --signer acct", []string{"steady", "steady"}, []int{0}, 15, 10},
		{"remove", []string{start, on, on, on, "issuers add p-cluster"}, "issuers remove p-cluster", []string{"steady", "steady"}, []int{0, 4}, 15, 4},
	}
}

// Killed between any two file operations: the manifest says the phase before or
// the one after, every key that a host signs with is in the store, and the same
// command goes on from there.
func TestKilledRotation(t *testing.T) {
	t.Parallel()
	strace := oracle.Need(t, "strace")
	latch, err := exec.LookPath("latch")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range killings() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			template := t.TempDir()
			inFolder(t, template, 0, "lattice init --prefix p --host a --host b --keystore dir:"+filepath.Join(template, "k"))
			for _, args := range k.before {
				inFolder(t, template, 0, args)
			}
			moments := 0
			for _, call := range fileOperations() {
				for n := 1; k.dies(t, template, []string{
					strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=" + call,
					"-e", "inject=" + call + ":signal=KILL:when=" + strconv.Itoa(n), latch,
				}); n++ {
					moments++
				}
			}
			oracle.Figure(t, "killed at %d moments", moments)
			if moments < k.least {
				t.Errorf("there were only %d moments to die, want %d", moments, k.least)
			}
		})
	}
}

// dies runs the command in a copy of the template, with words before it that
// kill it, and judges what is left.
func (k killing) dies(t *testing.T, template string, words []string) (killed bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	restrict(t, dir)
	run := exec.Command(words[0], append(words[1:], arguments(dir, k.args)...)...)
	run.Env = append(os.Environ(), "HOME="+dir)
	killed = wasKilled(t, run.Run())
	k.judge(t, dir)
	return killed
}

// restrict makes a copied store private again, as it was.
func restrict(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(filepath.Join(dir, "k"), 0o700); err != nil {
		t.Fatal(err)
	}
	seeds, err := filepath.Glob(filepath.Join(dir, "k", "*.nk"))
	if err != nil || len(seeds) == 0 {
		t.Fatal(seeds, err)
	}
	for _, path := range seeds {
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func wasKilled(t *testing.T, err error) bool {
	t.Helper()
	if err == nil {
		return false
	}
	exit, ok := err.(*exec.ExitError) //nolint:errorlint // exec gives it bare
	if !ok {
		t.Fatal(err)
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

func (k killing) judge(t *testing.T, dir string) {
	t.Helper()
	var status struct{ Phase string }
	if err := json.Unmarshal(inFolder(t, dir, 0, "issuers rotate status -o json"), &status); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(k.phases, status.Phase) {
		t.Fatalf("the phase is %s, want one of %v", status.Phase, k.phases)
	}
	whole(t, dir)
	if status.Phase == k.phases[0] {
		code, out := tryInFolder(t, dir, k.args)
		if !slices.Contains(k.again, code) {
			t.Fatalf("%s again: exit code %d\n%s", k.args, code, out)
		}
		whole(t, dir)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "k", "*.nk")); len(left) > k.most {
		t.Fatalf("keys pile up: %v", left)
	}
}

// whole checks that every host has its seed and the users that the manifest names,
// and that all hosts accept each other by what it says.
func whole(t *testing.T, dir string) {
	t.Helper()
	doc, err := lattice.Load(filepath.Join(dir, "lattice.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	m := doc.Manifest()
	if refused := lattice.NewMatrix(m.Standings()).Refusals(); len(refused) > 0 {
		t.Fatalf("refused: %v", refused)
	}
	for _, is := range m.Issuers {
		public := inFolder(t, dir, 0, "keys get "+is.Name+" -o json")
		if !bytes.Contains(public, []byte(is.PublicKey.String())) {
			t.Fatalf("the seed of %s is not that of the manifest", is.Name)
		}
	}
	inFolder(t, dir, 0, "env write --dir "+filepath.Join(dir, "env"))
}
