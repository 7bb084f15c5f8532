package cmd_test

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keystore/agefile/agetest"
	"github.com/latch-keys/latch/internal/process"
)

// TestMain makes this test binary stand in for latch inside scripts.
func TestMain(m *testing.M) {
	testscript.Main(cmd.Apart{M: m}, map[string]func(){
		"latch": latch, "keys": latch, agetest.Program: func() { os.Exit(agetest.Main()) },
		"docker": standIn(docker), "kubectl": standIn(kubectl), "systemctl": standIn(systemctl),
		"gh": standIn(secretSet), "glab": standIn(secretSet), "simulate": standIn(simulate), "calls": standIn(calls),
	})
}

// sameKeys names the variable with which a command makes the same keys each time,
// and no other command makes those.
const sameKeys = "TEST_SAME_KEYS"

// latch is cmd/latch with a clock that stands still, on one thread, so that a
// tracer can count what it does.
func latch() {
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	sys := process.Current("v0.0.0-test", os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	sys.Now = func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	sys.WorkFactor = 4 // a second for each passphrase is too long here
	if word := os.Getenv(sameKeys); word != "" {
		sys.Random = rand.NewChaCha8(sha256.Sum256([]byte(word + strings.Join(os.Args[1:], " "))))
	}
	code := cmd.Main(ctx, sys)
	stop()
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	runScripts(t, cmd.Source("testdata/script"), nil)
}

// runScripts runs every script of a folder, and fails if there is none.
func runScripts(t *testing.T, dir string, environ []string) {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts in %s (%v)", dir, err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds:                scriptCommands(),
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			e.Vars = append(e.Vars, environ...)
			return os.Mkdir(home, 0o700)
		},
	})
}
