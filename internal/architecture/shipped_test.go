package architecture

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What tests and pages simulate with is in no release, nor is a library that would
// make every command start more slowly.
func TestLatchShipsNoServer(t *testing.T) {
	t.Parallel()
	list := exec.Command("go", "list", "-deps", "./cmd/latch")
	list.Dir = top
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if !slices.Contains(packages, module+"/internal/keys") {
		t.Fatalf("not even internal/keys is among the %d packages of latch", len(packages))
	}
	for _, name := range packages {
		ours, isOurs := strings.CutPrefix(name, module+"/")
		foreign := slices.ContainsFunc([]string{"github.com/nats-io/nats-server/v2/server", "jsonschema"}, func(part string) bool {
			return strings.Contains(name, part)
		})
		if foreign || isOurs && isSupport(ours) {
			t.Errorf("latch contains %s", name)
		}
	}
}
