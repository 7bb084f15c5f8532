//go:build unix

package keystore_test

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// processes is how many there are at once.
const processes = 64

// allAtOnce starts them all before it waits for any, and gives what each ended with.
func allAtOnce(t *testing.T, child func(i int) *exec.Cmd) []int {
	t.Helper()
	all := make([]*exec.Cmd, processes)
	for i := range all {
		all[i] = child(i)
		if err := all[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	codes := make([]int, processes)
	for i, cmd := range all {
		var ended *exec.ExitError
		if err := cmd.Wait(); errors.As(err, &ended) {
			codes[i] = ended.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return codes
}

// sceneOfMany has a seed for each process beside the store.
func sceneOfMany(t *testing.T, kind string) scene {
	t.Helper()
	s := newScene(t, kind)
	for i := range processes {
		name := fmt.Sprintf("p%02d", i)
		s.seeds[name] = keystoretest.NewSeed(t, keys.Cluster)
		keystoretest.Write(t, filepath.Join(s.dir, "seed-"+name), string(s.seeds[name].Reveal()))
	}
	return s
}

func TestManyProcessesPutDifferentKeys(t *testing.T) {
	t.Parallel()
	for kind := range sceneOpeners() {
		t.Run(kind, func(t *testing.T) {
			s := sceneOfMany(t, kind)
			codes := allAtOnce(t, func(i int) *exec.Cmd {
				name := fmt.Sprintf("p%02d", i)
				return asChild("put", kind, s.dir, name, name)
			})
			for i, code := range codes {
				name := fmt.Sprintf("p%02d", i)
				if code != childDone {
					t.Errorf("process %d ended with %d", i, code)
				} else if _, err := s.get(t, name, name, "all at once"); err != nil {
					t.Error(err)
				}
			}
			entries, err := s.store(t).List(t.Context())
			if err != nil || len(entries) != processes+2 {
				t.Fatalf("%d are listed, %v", len(entries), err)
			}
			s.tidy(t, "put", "all at once")
		})
	}
}

func TestManyProcessesPutOneName(t *testing.T) {
	t.Parallel()
	for kind := range sceneOpeners() {
		t.Run(kind, func(t *testing.T) {
			s := sceneOfMany(t, kind)
			codes := allAtOnce(t, func(i int) *exec.Cmd { return asChild("put", kind, s.dir, "one", fmt.Sprintf("p%02d", i)) })
			winner := ""
			for i, code := range codes {
				switch {
				case code == childDone && winner == "":
					winner = fmt.Sprintf("p%02d", i)
				case code == childDone:
					t.Errorf("both %s and p%02d won", winner, i)
				case code != childTaken:
					t.Errorf("process %d ended with %d", i, code)
				}
			}
			if winner == "" {
				t.Fatal("nobody won")
			}
			if _, err := s.get(t, "one", winner, "all at once"); err != nil {
				t.Error(err)
			}
			s.tidy(t, "put", "all at once")
		})
	}
}
