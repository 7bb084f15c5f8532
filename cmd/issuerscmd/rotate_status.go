package issuerscmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/terminal"
)

func newRotateStatus(a verbs) *cobra.Command {
	var deployed deployedOptions
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the phase, the state of each host and the next command",
		Long: `Shows the phase of the rotation and what is known of each host since it began: what
it signs with, what it accepts, how that is known, and whether it is in the way of
the next phase. Changes nothing; what the files given with --deployed say is shown
but not recorded.`,
		Example: "  latch issuers rotate status\n  latch issuers rotate status --deployed /mnt/hosts\n" +
			"  latch issuers rotate status -o json | jq -r .next",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.rotateStatus(c.Context(), deployed) },
	}
	deployed.register(c)
	return c
}

// statusDocument is where a rotation stands, as JSON output gives it.
type statusDocument struct {
	Manifest   string               `json:"manifest"`
	Lattice    string               `json:"lattice"`
	Generation uint64               `json:"generation"`
	Phase      string               `json:"phase"`
	Started    *time.Time           `json:"started,omitempty"`
	Entered    *time.Time           `json:"entered,omitempty"`
	Aborted    bool                 `json:"aborted"`
	Emergency  bool                 `json:"emergency"`
	Keys       []successionDocument `json:"keys"`
	Hosts      []hostStatus         `json:"hosts"`
	Spread     []spreadDocument     `json:"issuers"`
	Obstacles  []rotation.Obstacle  `json:"in_the_way"`
	Next       string               `json:"next"`
}

type hostStatus struct {
	Host       string     `json:"host"`
	SignsWith  string     `json:"signs_with,omitempty"` // empty where nothing is known
	Accepts    []string   `json:"accepts"`
	Generation uint64     `json:"generation,omitempty"`
	Evidence   string     `json:"evidence,omitempty"`
	Since      *time.Time `json:"since,omitempty"`
	Member     bool       `json:"in_manifest"`
	InTheWay   string     `json:"in_the_way,omitempty"`
	Doubt      string     `json:"doubt,omitempty"` // why what was seen does not settle it
}

type spreadDocument struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Accepted  int            `json:"accepted_by"`
	Missing   []string       `json:"missing"`
	Signing   int            `json:"signed_with_by"`
}

func (a verbs) rotateStatus(ctx context.Context, deployed deployedOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	seen, err := a.readDeployed(ctx, deployed, m.Lattice)
	if err != nil {
		return err
	}
	status, err := rotation.StatusOf(m, seen, a.Sys.Now())
	if err != nil {
		return err
	}
	doc := describeStatus(file, status)
	return a.Show(doc, func(w io.Writer) { doc.print(w, a.OutPalette()) })
}

func describeStatus(file *lattice.Document, s rotation.Status) statusDocument {
	m := file.Manifest()
	doc := statusDocument{
		Manifest: file.Path(), Lattice: m.Lattice, Generation: m.Generation, Phase: rotation.PhaseOf(m),
		Keys: []successionDocument{}, Hosts: []hostStatus{}, Spread: []spreadDocument{},
		Obstacles: []rotation.Obstacle{}, Next: rotation.NextCommand(m),
	}
	if r := m.Rotation; r != nil {
		doc.Keys = describeSuccessions(r.Keys)
		doc.Started, doc.Entered, doc.Aborted, doc.Emergency = &r.Started, &r.Entered, r.Aborted, r.Emergency
	}
	name := rotation.KeyNames(m)
	for _, h := range s.Hosts {
		doc.Hosts = append(doc.Hosts, describeHost(h, name))
	}
	for _, k := range s.Keys {
		doc.Spread = append(doc.Spread, spreadDocument{k.Issuer.Name, k.Issuer.PublicKey, k.Accepted, append([]string{}, k.Missing...), k.Signing})
	}
	if len(s.Obstacles) > 0 {
		doc.Obstacles, doc.Next = s.Obstacles, s.Obstacles[0].Remedy
	}
	return doc
}

func describeHost(h rotation.HostStatus, name func(keys.PublicKey) string) hostStatus {
	row := hostStatus{Host: h.Want.Host, Accepts: []string{}, Member: !h.Unlisted, InTheWay: h.InWay, Doubt: h.Doubt}
	if h.Unlisted {
		row.Host = h.Seen.Host
	}
	if h.Seen == nil {
		return row
	}
	row.SignsWith, row.Generation = "unknown", h.Seen.Generation
	if !h.Seen.Signs.IsZero() {
		row.SignsWith = name(h.Seen.Signs)
	}
	for _, key := range h.Seen.Accepts {
		row.Accepts = append(row.Accepts, name(key))
	}
	row.Evidence, row.Since = string(h.Seen.Evidence), &h.Seen.At
	return row
}

func (d statusDocument) print(w io.Writer, p terminal.Palette) {
	since, way := "", ""
	if d.Entered != nil {
		since = " since " + d.Entered.Format(time.RFC3339)
	}
	switch {
	case d.Emergency:
		way = ", emergency"
	case d.Aborted:
		way = ", aborted: on the way back"
	}
	fmt.Fprintf(w, "lattice %s: %s%s%s, generation %d\n", d.Lattice, d.Phase, since, way, d.Generation)
	for _, s := range d.Keys {
		fmt.Fprintf(w, "  %s\n", s)
	}
	fmt.Fprintln(w)
	shown := d.shownHosts()
	rows := make([][]string, len(shown))
	for i, h := range shown {
		rows[i] = h.cells(p, d.Phase)
	}
	terminal.Table(w, []string{"HOST", "SIGNS WITH", "ACCEPTS", "KNOWN", "SINCE", ""}, rows)
	if left := len(d.Hosts) - len(shown); left > 0 {
		fmt.Fprintf(w, "and %d more hosts: -o json lists them all\n", left)
	}
	fmt.Fprintln(w)
	if d.Phase != rotation.Steady {
		for _, s := range d.Spread {
			fmt.Fprintln(w, s.line(len(d.members())))
		}
		fmt.Fprintln(w)
	}
	for _, o := range d.Obstacles {
		if o.Host == "" {
			fmt.Fprintln(w, o.Reason)
		}
	}
	fmt.Fprintln(w, "next:", d.Next)
}

// shownHosts are those that people are shown: of many the first that stand in the
// way, and others where there is room left.
func (d statusDocument) shownHosts() []hostStatus {
	if len(d.Hosts) <= mostHosts {
		return d.Hosts
	}
	sorted := slices.Clone(d.Hosts)
	slices.SortStableFunc(sorted, func(a, b hostStatus) int { return cmp.Compare(b.trouble(), a.trouble()) })
	return sorted[:mostHosts]
}

// mostHosts is how many hosts fit on a screen.
const mostHosts = 40

func (h hostStatus) trouble() int {
	if h.InTheWay != "" || h.Doubt != "" {
		return 1
	}
	return 0
}

func (d statusDocument) members() []hostStatus {
	var members []hostStatus
	for _, h := range d.Hosts {
		if h.Member {
			members = append(members, h)
		}
	}
	return members
}

func (h hostStatus) cells(p terminal.Palette, phase string) []string {
	verdict := p.Green("✓")
	switch {
	case h.InTheWay != "":
		verdict = p.Red("✗") + " " + h.InTheWay
	case h.Doubt != "":
		verdict = p.Red("✗") + " " + h.Doubt
	case phase == rotation.Steady:
		verdict = ""
	}
	if h.Evidence == "" {
		return []string{h.Host, "-", "-", "-", "-", verdict}
	}
	return []string{h.Host, h.SignsWith, strings.Join(h.Accepts, ","), h.Evidence, h.Since.Format(time.RFC3339), verdict}
}

func (s spreadDocument) line(hosts int) string {
	text := fmt.Sprintf("%s: accepted by %d/%d", s.Name, s.Accepted, hosts)
	if len(s.Missing) > 0 {
		few := s.Missing[:min(len(s.Missing), mostRows)]
		text += " (missing: " + strings.Join(few, ", ")
		if left := len(s.Missing) - len(few); left > 0 {
			text += fmt.Sprintf(" and %d more", left)
		}
		text += ")"
	}
	return fmt.Sprintf("%s, signed with by %d", text, s.Signing)
}
