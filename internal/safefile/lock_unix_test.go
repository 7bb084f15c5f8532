//go:build unix

package safefile

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

func TestLockKeepsUpdatesApart(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "n")
	var adders []*exec.Cmd
	for range 12 {
		cmd := asChild("add", path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		adders = append(adders, cmd)
	}
	for _, cmd := range adders {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	has(t, path, "12", 0o600)
	holdsOnly(t, dir, "n")
}

func TestLockOfAKilledProcessIsFree(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	cmd := asChild("lock", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the child said %q", line)
	}
	quick := locker{wait: 50 * time.Millisecond, poll: time.Millisecond}
	if _, err := quick.lock(t.Context(), path); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("error is %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	release, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	release()
	holdsOnly(t, dir)
}

func TestLockWithinOneProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	release, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	quick := locker{wait: 30 * time.Millisecond, poll: time.Millisecond}
	_, err = quick.lock(t.Context(), path)
	var hinted interface{ Hint() string }
	if !fault.Is(err, fault.Unavailable) || !errors.As(err, &hinted) || !strings.Contains(err.Error(), path) {
		t.Fatalf("error is %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("error is %v", err)
	}
	release()
	release() // twice is once
	again, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	release() // and does not release somebody else's
	if _, err := quick.lock(t.Context(), path); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("error is %v", err)
	}
	again()
}

// Whoever locks the file just as its holder removes it must not be content with
// it: the next one would make a new file and hold that.
func TestLockIsHandedOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	eager := locker{wait: 2 * time.Minute, poll: time.Microsecond}
	var inside atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 200 {
				release, err := eager.lock(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold one lock", n)
				}
				runtime.Gosched()
				inside.Add(-1)
				release()
			}
		})
	}
	wait.Wait()
}

func TestLockNeedsItsFolder(t *testing.T) {
	t.Parallel()
	if _, err := Lock(t.Context(), filepath.Join(own(t), "none", "f")); err == nil || fault.Is(err, fault.Unavailable) {
		t.Fatalf("error is %v", err)
	}
}
