//go:build unix

package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// killSet changes the folder and kills itself at the nth step. With a step in
// failing, that one fails first, at its third time.
func killSet(dir, failing, nth string) {
	n, _ := strconv.Atoi(nth)
	times := 0
	_ = change(context.Background(), Disk{before: func(at step, _ string) error {
		if n--; n < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		if string(at) == failing {
			if times++; times == 3 {
				return errors.New("boom")
			}
		}
		return nil
	}}, dir)
}

// Killed at whatever step, on the way forth or on the way back, and once more
// while settling: the folder ends with the whole old set or the whole new one,
// and says which.
func TestSetKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, failing := range []string{"", string(stepRename)} {
		t.Run("failing at "+failing, func(t *testing.T) {
			t.Parallel()
			seen := map[string]int{}
			for n := 0; ; n++ {
				dir := mixed(t)
				err := asChild("set", dir, strconv.Itoa(n), failing).Run()
				seen[settledOnce(t, dir, n)]++
				if err == nil {
					break
				}
			}
			t.Log(seen)
			total := 0
			for _, count := range seen {
				total += count
			}
			if total < 25 || seen["old"] == 0 || failing == "" && seen["new"] == 0 {
				t.Fatalf("steps: %v", seen)
			}
		})
	}
}

// settledOnce settles the folder, killed itself at some step of that, and gives
// the set that is there in the end.
func settledOnce(t *testing.T, dir string, n int) string {
	t.Helper()
	_ = asChild("settle", dir, strconv.Itoa(n%7)).Run()
	before := state(t, dir)
	how, err := Settle(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	after := state(t, dir)
	if after != "old" && after != "new" {
		t.Fatalf("killed at step %d: a mix, %s (%s)", n, after, how)
	}
	if before != after && how == NothingToSettle {
		t.Fatalf("killed at step %d: %s became %s, and nobody said so", n, before, after)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".latch*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if filepath.Base(path) != setFolder+".lock" { // the next to lock takes it away
			t.Fatalf("killed at step %d: %s was left", n, path)
		}
	}
	return after
}

func killSettle(dir, nth string) {
	n, _ := strconv.Atoi(nth)
	how, err := Disk{before: func(step, string) error {
		if n--; n < 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}}.settleSet(context.Background(), dir)
	fmt.Println(how, err)
}

// A reader waits for a writer that is at work, rather than see half of it.
func TestSettleWaitsForALivingWriter(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	read := make(chan string, 1)
	d := Disk{before: func(at step, path string) error {
		if at == stepRename && path == "d" {
			go func() {
				_, err := Settle(context.Background(), dir)
				read <- state(t, dir) + fmt.Sprint(err)
			}()
		}
		return nil
	}}
	if err := change(t.Context(), d, dir); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "new<nil>" {
		t.Fatal(got)
	}
}
