//go:build unix

package secretservicetest

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// An independent program must find the states as described.
func TestStatesSeenBySecretTool(t *testing.T) {
	tool := oracle.Need(t, "secret-tool")
	for name, c := range map[string]struct {
		state State
		want  bool
	}{
		"unlocked":   {Unlocked, true},
		"no service": {NoService, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Start(t, c.state)
			store := exec.Command(tool, "store", "--label=probe", "a", "b")
			store.Env, store.Stdin = s.Environ, strings.NewReader("x")
			if out, err := store.CombinedOutput(); (err == nil) != c.want {
				t.Fatalf("secret-tool store: %v %s", err, out)
			}
		})
	}
}

func TestNothingOutlivesTheTest(t *testing.T) {
	var s *Session
	t.Run("inner", func(t *testing.T) { s = Start(t, Unlocked) })
	if unlocked(s.address) == nil {
		t.Fatal("the bus still answers after the test that started it")
	}
}
