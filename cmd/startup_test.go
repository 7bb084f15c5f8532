package cmd_test

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// What happens before main is paid by every command. The sum of many small
// initialisers is bounded by what they allocate, which no busy machine changes.
const (
	mostAllocated = 340_000 // bytes, by all packages together
	mostOfOne     = 45_000
	slowest       = 1.0 // ms, in the best of several runs
)

// TestWhatIsLinked: no package takes a millisecond to initialise, and what once made
// every command slower is not linked again.
func TestWhatIsLinked(t *testing.T) {
	t.Parallel()
	latch := built(t)
	fastest, allocated := map[string]float64{}, map[string]int{}
	for range 5 {
		for _, p := range initialised(t, latch) {
			if known, seen := fastest[p.name]; !seen || p.ms < known {
				fastest[p.name] = p.ms
			}
			allocated[p.name] = p.bytes
		}
	}
	total := 0
	for name, bytes := range allocated {
		total += bytes
		if fastest[name] >= slowest || bytes > mostOfOne {
			t.Errorf("%s takes %v ms and %d bytes to initialise; at most %v ms and %d bytes are fine", name, fastest[name], bytes, slowest, mostOfOne)
		}
	}
	t.Logf("%d packages allocate %d bytes", len(allocated), total)
	if len(allocated) < 50 || total > mostAllocated {
		t.Errorf("%d packages allocate %d bytes when they are initialised; at most %d are fine", len(allocated), total, mostAllocated)
	}
	binary, err := os.ReadFile(latch)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(binary, []byte("text/template.(*state).evalField")) {
		t.Error("text/template is linked: it calls methods by name, so that the linker keeps every method, 3 MB of them")
	}
}

// cost is what a package takes to be initialised.
type cost struct {
	name  string
	ms    float64
	bytes int
}

func initialised(t *testing.T, binary string) (all []cost) {
	t.Helper()
	c := exec.Command(binary, "version")
	c.Env = []string{"HOME=" + t.TempDir(), "GODEBUG=inittrace=1"}
	var trace bytes.Buffer
	c.Stderr = &trace
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes`)
	for _, m := range line.FindAllStringSubmatch(trace.String(), -1) {
		ms, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		bytes, err := strconv.Atoi(m[3])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, cost{m[1], ms, bytes})
	}
	return all
}
