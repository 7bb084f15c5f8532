package cmd_test

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/process"
)

// program is a System over buffers, in a folder of its own.
type program struct {
	process.System
	dir            string
	stdout, stderr shared // what is interrupted may go on writing
}

func newProcess(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{dir: t.TempDir()}
	p.System = process.System{
		Args:    append([]string{"latch"}, args...),
		Environ: []string{"HOME=" + p.dir},
		Stdin:   strings.NewReader(""),
		Stdout:  &p.stdout,
		Stderr:  &p.stderr,
		Now:     time.Now,
		Random:  rand.Reader,
	}
	return p
}

func (p *program) path(name string) string { return filepath.Join(p.dir, name) }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// trip is randomness that calls off the command at the nth key.
type trip struct {
	left int
	then func()
}

func (r *trip) Read(p []byte) (int, error) {
	if r.left--; r.left == 0 {
		r.then()
	}
	return rand.Read(p)
}

// Ctrl-C in the middle of lattice init: exit code 130, no manifest, no key.
func TestInterruptedInitLeavesNothing(t *testing.T) {
	t.Parallel()
	for nth := 1; nth <= 3; nth++ {
		ctx, cancel := context.WithCancel(t.Context())
		p := newProcess(t, "lattice", "init", "--per-host", "--host", "a", "--host", "b", "--host", "c")
		p.Args = append(p.Args, "--manifest", p.path("lattice.yaml"), "--keystore", "dir:"+p.path("k"))
		p.Random = &trip{nth, cancel}
		if code := cmd.Main(ctx, p.System); code != 130 {
			t.Errorf("interrupted at key %d: exit code %d, stderr %s", nth, code, &p.stderr)
		}
		if exists(p.path("lattice.yaml")) {
			t.Errorf("interrupted at key %d: there is a manifest", nth)
		}
		if left, _ := filepath.Glob(p.path("k/*.nk")); len(left) > 0 {
			t.Errorf("interrupted at key %d: keys are left", nth)
		}
		if p.stdout.String() != "" || !strings.Contains(p.stderr.String(), "error: interrupted") {
			t.Errorf("interrupted at key %d: stdout %q, stderr %q", nth, &p.stdout, &p.stderr)
		}
	}
}

// The manifest cannot be written after the keys were stored: they are taken back.
func TestInitTakesItsKeysBack(t *testing.T) {
	t.Parallel()
	p := newProcess(t, "lattice", "init", "--host", "a")
	p.Args = append(p.Args, "--manifest", p.path("missing/lattice.yaml"), "--keystore", "dir:"+p.path("k"))
	if code := cmd.Main(t.Context(), p.System); code == 0 {
		t.Fatal("exit code 0")
	}
	if left, _ := filepath.Glob(p.path("k/*.nk")); len(left) > 0 {
		t.Error("keys are left")
	}
}

// Randomness that fails is an error, never a weak key.
func TestNoRandomnessNoKey(t *testing.T) {
	t.Parallel()
	p := newProcess(t, "keys", "gen", "cluster")
	p.Random = io.LimitReader(rand.Reader, 31)
	if code := cmd.Main(t.Context(), p.System); code != 1 || p.stdout.String() != "" {
		t.Errorf("exit code %d, stdout %q", code, &p.stdout)
	}
}

// On a terminal, keys validate asks without echo.
func TestValidateAsks(t *testing.T) {
	t.Parallel()
	p := newProcess(t, "keys", "validate")
	p.Terminal = process.Terminal{Stdin: true, Stderr: true}
	p.ReadSecret = func(context.Context, func()) ([]byte, error) {
		return []byte("SNAAGG2LW2FP2JTXDTLQNB4EOHQDHQR2Y75PYAVOCYUPGHUK24WA3RSZYI"), nil
	}
	if code := cmd.Main(t.Context(), p.System); code != 0 || !strings.HasPrefix(p.stdout.String(), "valid: a server seed") {
		t.Errorf("exit code %d, stdout %q", code, &p.stdout)
	}
	if !strings.Contains(p.stderr.String(), "not echoed") {
		t.Errorf("stderr %q", &p.stderr)
	}
}

// waiting is a stdin that nothing ever comes from; it says when it is asked.
type waiting struct{ asked context.CancelFunc }

func (w waiting) Read([]byte) (int, error) {
	w.asked()
	select {}
}

// Ctrl-C ends a command that waits for stdin.
func TestInterruptEndsAWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := newProcess(t, "keys", "validate", "-")
	p.Stdin = waiting{cancel}
	if code := cmd.Main(ctx, p.System); code != 130 {
		t.Errorf("exit code %d", code)
	}
}

// On a terminal, keys import asks without echo.
func TestImportAsks(t *testing.T) {
	t.Parallel()
	p := newProcess(t, "keys", "import", "--name", "typed")
	p.Args = append(p.Args, "--keystore", "dir:"+p.path("k"))
	p.Terminal = process.Terminal{Stdin: true, Stderr: true}
	p.ReadSecret = func(context.Context, func()) ([]byte, error) {
		return []byte("SNAAGG2LW2FP2JTXDTLQNB4EOHQDHQR2Y75PYAVOCYUPGHUK24WA3RSZYI"), nil
	}
	if code := cmd.Main(t.Context(), p.System); code != 0 || !exists(p.path("k/typed.nk")) {
		t.Errorf("exit code %d, stderr %q", code, &p.stderr)
	}
}
