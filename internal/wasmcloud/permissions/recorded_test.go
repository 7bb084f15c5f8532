package permissions

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// recorded is one thing that a program was seen to do.
type recorded struct {
	role           wasmcloud.Role
	targets        []string
	option         wasmcloud.Option
	action         string
	subject, queue string
}

// recordings reads them all. They were written down from hosts, not from the
// tables that are tested here.
func recordings(t *testing.T) []recorded {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 6 {
			t.Fatalf("%q has %d columns", line, len(columns))
		}
		role, err := wasmcloud.ParseRole(columns[0])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, recorded{role, strings.Split(columns[1], ","), wasmcloud.Option(columns[2]), columns[3], columns[4], columns[5]})
	}
	if len(all) < 100 {
		t.Fatalf("only %d recordings", len(all))
	}
	return all
}

// of are those of a role where hosts of the target run.
func of(all []recorded, target wasmcloud.Target, role wasmcloud.Role) []recorded {
	return slices.DeleteFunc(slices.Clone(all), func(r recorded) bool {
		return r.role != role || !slices.ContainsFunc(r.targets, func(name string) bool { return standsFor(name, target) })
	})
}

// standsFor reports whether the name is that of the target, or of an earlier one
// and all after it.
func standsFor(name string, target wasmcloud.Target) bool {
	first, on := strings.CutSuffix(name, "+")
	if !on {
		return name == target.String()
	}
	isNamed := func(name string) func(wasmcloud.Target) bool {
		return func(t wasmcloud.Target) bool { return t.String() == name }
	}
	all := wasmcloud.AllTargets()
	from := slices.IndexFunc(all, isNamed(first))
	return from >= 0 && slices.IndexFunc(all, isNamed(target.String())) >= from
}

// without are those that happen without an option, or with any if it is "".
func without(all []recorded, option wasmcloud.Option) []recorded {
	return slices.DeleteFunc(slices.Clone(all), func(r recorded) bool { return r.option == option })
}

// always are those that happen with nothing turned on.
func always(all []recorded) []recorded {
	return slices.DeleteFunc(slices.Clone(all), func(r recorded) bool { return r.option != "" })
}

// What the hosts of some tests were told.
const (
	domain = "hub"
	prefix = "acme.control"
)

// inDomain are those of hosts that were told a JetStream domain. Providers are
// not, and chunks are never sent by it.
func inDomain(all []recorded) []recorded {
	const api = "$JS." + domain + ".API."
	moved := slices.Clone(all)
	for i, r := range moved {
		switch {
		case strings.HasPrefix(r.subject, "$JS.API."):
			moved[i].subject = api + strings.TrimPrefix(r.subject, "$JS.API.")
		case strings.HasPrefix(r.subject, "$KV."):
			moved[i].subject = api + r.subject
		}
	}
	return moved
}

// underPrefix are those of hosts that were told what begins the subjects of control
// commands.
func underPrefix(all []recorded) []recorded {
	moved := slices.Clone(all)
	for i, r := range moved {
		if rest, control := strings.CutPrefix(r.subject, wasmcloud.DefaultCtlTopicPrefix); control {
			moved[i].subject = prefix + rest
		}
	}
	return moved
}

// bare is a lattice called prod with nothing turned on, and full one with
// everything.
func bare(target wasmcloud.Target) Setup { return Setup{Target: target, Lattice: "prod"} }

func full(target wasmcloud.Target) Setup {
	s := bare(target)
	s.PolicyTopic, s.PolicyChangesTopic, s.SecretsTopic, s.Switches = "acme.policy", "acme.policy.changes", "acme.secrets", On(wasmcloud.Switches()...)
	return s
}
