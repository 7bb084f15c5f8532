package natscmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// deniedDocument is what a line of a log says, and who needs what was denied, as
// JSON output gives it.
type deniedDocument struct {
	Action   string           `json:"action"`
	Subject  string           `json:"subject"`
	Queue    string           `json:"queue,omitempty"`
	Lattice  string           `json:"lattice"`
	NeededBy []neederDocument `json:"needed_by"`
	Could    []string         `json:"could"`
}

// neederDocument is a user who needs what was denied.
type neederDocument struct {
	For        wasmcloud.Role     `json:"for"`
	Targets    []wasmcloud.Target `json:"targets"`
	Permission permissionDocument `json:"permission"`
}

// forError says which permission a line of a log is about. That nobody of the
// lattice needs it is the answer no.
func (a verbs) forError(c *cobra.Command, line string, r request) error {
	denial, found := natsconn.ParseDenial(line)
	if !found {
		return app.UsageOf(c, noDenial(line))
	}
	denied := permissions.Denied{Action: wasmcloud.Publish, Subject: denial.Subject}
	if denial.Action == natsconn.Subscribe {
		denied.Action = wasmcloud.Subscribe
	}
	setups, known, err := a.suspects(r, denied)
	if err != nil {
		return err
	}
	needers := denied.NeededBy(setups)
	doc := deniedDocument{denied.Action.String(), denied.Subject, denial.Queue, setups[0].Lattice, []neederDocument{}, denied.Could(setups[0])}
	for _, n := range needers {
		why := strings.Join(n.Grant.Reasons, "; ")
		doc.NeededBy = append(doc.NeededBy, neederDocument{n.Role, n.Targets, permissionDocument{n.Grant.Action.String(), n.Grant.Subject, why, n.Grant.Option}})
	}
	if err := a.Show(doc, func(w io.Writer) { a.printNeeders(w, needers) }); err != nil || len(needers) > 0 {
		return err
	}
	a.sayWhyNobody(denied, setups[0], known)
	return app.No()
}

// noDenial says what a line without a denial is.
func noDenial(line string) error {
	err := fault.New(fault.Failed, "the line names no denied subject: it should hold, for example, Permissions Violation for Publish to \"SUBJECT\"")
	if strings.Contains(strings.ToLower(line), "authorization violation") {
		return fault.New(fault.Failed, "an authorization violation is a refused login, not a missing permission")
	}
	return err
}

// suspects are the setups that a line may come from: those of the manifest or the
// flags, and where there are none, every target in the lattice that the subject
// seems to name.
func (a verbs) suspects(r request, d permissions.Denied) (setups []permissions.Setup, known bool, err error) {
	alike, err := a.setups(r)
	if err == nil && (r.setup.Lattice == "" || !r.target.IsZero()) {
		for _, one := range alike {
			setups = append(setups, one.setup)
		}
		return setups, true, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, false, err
	}
	names := []string{r.setup.Lattice}
	if r.setup.Lattice == "" {
		names = append(d.Lattices(), wasmcloud.DefaultLattice)
	}
	for _, name := range names {
		setups = everyTarget(r.setup, name, r.target)
		if len(d.NeededBy(setups)) > 0 {
			return setups, false, nil
		}
	}
	return everyTarget(r.setup, names[len(names)-1], r.target), r.setup.Lattice != "", nil
}

// everyTarget is a setup for each target, or for the one that was named.
func everyTarget(s permissions.Setup, lattice string, only wasmcloud.Target) []permissions.Setup {
	var all []permissions.Setup
	for _, target := range wasmcloud.AllTargets() {
		if only.IsZero() || target == only {
			s.Target, s.Lattice = target, lattice
			all = append(all, s)
		}
	}
	return all
}

func (a verbs) printNeeders(w io.Writer, needers []permissions.Needer) {
	if len(needers) == 0 {
		return
	}
	rows := make([][]string, len(needers))
	for i, n := range needers {
		var targets []string
		for _, t := range n.Targets {
			targets = append(targets, t.String())
		}
		rows[i] = []string{n.Role.String(), n.Grant.Action.String(), grantedSubject(n.Grant), whyInShort(n.Grant), strings.Join(targets, ", ")}
	}
	terminal.Table(w, a.Width(), []string{"FOR", "NEEDS TO", "SUBJECT", "WHY", "TARGETS"}, rows)
}

// sayWhyNobody says whose subject it is, if not this lattice's, and what could be
// done with it.
func (a verbs) sayWhyNobody(d permissions.Denied, s permissions.Setup, known bool) {
	what := fmt.Sprintf("to %s to %s", d.Action, d.Subject)
	if !known {
		a.Say("No program of a lattice needs %s.", what)
		return
	}
	a.Say("No program of the lattice %s needs %s.", s.Lattice, what)
	if others := d.NeededBy(everyTarget(s, s.Lattice, wasmcloud.Target{})); len(others) > 0 {
		a.Say("Hosts of other targets do: %s. The host that asked may run another release than the manifest says.", targetsOf(others))
	}
	for _, name := range d.Lattices() {
		if name != s.Lattice && len(d.NeededBy(everyTarget(s, name, wasmcloud.Target{}))) > 0 {
			a.Say("Programs of a lattice called %s do: the host that asked may be told the wrong lattice, or have the user of another.", name)
			break
		}
	}
	if could := d.Could(s); len(could) > 0 {
		a.Say("Whoever is allowed it could %s.", strings.Join(could, ", "))
	}
}

func targetsOf(needers []permissions.Needer) string {
	var names []string
	for _, target := range wasmcloud.AllTargets() {
		if slices.ContainsFunc(needers, func(n permissions.Needer) bool { return slices.Contains(n.Targets, target) }) {
			names = append(names, target.String())
		}
	}
	return strings.Join(names, ", ")
}
