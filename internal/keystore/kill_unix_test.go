//go:build unix

package keystore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"

	"github.com/latch-keys/latch/internal/oracle"
)

// childWork names the variable that makes this test binary act as another
// process: what to do, in which kind of store, and where.
const childWork = "LATCH_TEST_WORK"

// What a child ends with.
const (
	childDone   = 0
	childTaken  = 10
	childFailed = 11
)

func TestMain(m *testing.M) {
	if work := os.Getenv(childWork); work != "" {
		os.Exit(beChild(strings.Fields(work)))
	}
	os.Exit(m.Run())
}

func asChild(words ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childWork+"="+strings.Join(words, " "))
	return cmd
}

// beChild does one thing: "kill KIND DIR ACTION STEP" or "put KIND DIR NAME SEED".
func beChild(words []string) int {
	doing, kind, dir, what, which := words[0], words[1], words[2], words[3], words[4]
	at, act := undisturbed, func(ctx context.Context, store keystore.Store, dir string) error {
		return store.Put(ctx, what, seedFile(dir, which))
	}
	if doing == "kill" {
		at, act = killedAt(which), actions(kind)[what]
	}
	store, err := sceneOpeners()[kind](dir, at)
	if err == nil {
		err = act(context.Background(), store, dir)
	}
	for doing == "put" && fault.Is(err, fault.Unavailable) { // others have held the lock for ten seconds: a busy machine
		err = act(context.Background(), store, dir)
	}
	switch {
	case err == nil:
		return childDone
	case fault.Is(err, fault.Exists):
		return childTaken
	}
	fmt.Fprintln(os.Stderr, err)
	return childFailed
}

// killedAt kills this process ahead of the step with that number.
func killedAt(number string) step {
	left, err := strconv.Atoi(number)
	if err != nil {
		panic(err)
	}
	return func(string, string) error {
		if left--; left < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}
}

// Every action on every store, in a process that is killed at every step.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	var kills atomic.Int64
	t.Run("at", func(t *testing.T) {
		for kind := range sceneOpeners() {
			for doing, act := range actions(kind) {
				t.Run(kind+" "+doing, func(t *testing.T) {
					t.Parallel()
					for n := 0; killed(t, kind, doing, act, n); n++ {
						kills.Add(1)
					}
				})
			}
		}
	})
	oracle.Figure(t, "%d kills were survived", kills.Load())
	if kills.Load() < 150 {
		t.Errorf("only %d kills", kills.Load())
	}
}

// killed kills a process at step n, and reports false where the action has no
// such step.
func killed(t *testing.T, kind, doing string, act action, n int) bool {
	t.Helper()
	s := newScene(t, kind)
	where := fmt.Sprintf("killed at step %d", n)
	out, err := asChild("kill", kind, s.dir, doing, strconv.Itoa(n)).CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err == nil:
		s.finished(t, doing, "undisturbed")
		return false
	case !errors.As(err, &ended) || ended.ExitCode() != -1:
		t.Fatalf("%s: %v\n%s", where, err, out)
	}
	s.survived(t, doing, where)
	s.mended(t, doing, act, where)
	return true
}
