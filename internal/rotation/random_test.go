package rotation

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/lattice"

	"github.com/latch-keys/latch/internal/oracle"
)

// The flags of the long form, for make soak.
var (
	steps = flag.Int("steps", 120_000, "how many steps the random machine takes")
	seed  = flag.Uint64("seed", 0, "the first machine's seed; 0: from the clock")
)

const stepsPerMachine = 300

// run drives one machine until a promise breaks or it has taken its steps.
func run(k *machine, steps int) (history []string, err error) {
	for range steps {
		did, err := k.step()
		history = append(history, did)
		if err != nil {
			return history, err
		}
	}
	return history, nil
}

// Whatever operators, hosts and crashes do, in whatever order, no call is refused
// outside an emergency, and no key is forgotten that a host still accepts.
func TestRandomMachines(t *testing.T) {
	t.Parallel()
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	moved, machines := map[lattice.Phase]int{}, *steps/stepsPerMachine
	if testing.Short() {
		machines /= 10
	}
	for n := range machines {
		k := newMachine(standard(), first+uint64(n))
		history, err := run(k, stepsPerMachine)
		if err != nil {
			t.Fatalf("-seed=%d: %v, after\n%s", first+uint64(n), err, tail(history))
		}
		for phase, times := range k.moved {
			moved[phase] += times
		}
	}
	oracle.Figure(t, "-seed=%d, %d steps, phases begun: %v", first, machines*stepsPerMachine, moved)
	for _, phase := range append(lattice.Phases(), steady) {
		if moved[phase] < 100 && !testing.Short() {
			t.Errorf("phase %q began only %d times: this test would guard little", phase, moved[phase])
		}
	}
}

func tail(history []string) string {
	text := ""
	for i := max(0, len(history)-40); i < len(history); i++ {
		text += fmt.Sprintf("  %d. %s\n", i+1, history[i])
	}
	return text
}
