package issuerscmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/terminal"
)

// print shows people where the rotation stands: of many hosts the first that matter.
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
		for _, s := range d.Issuers {
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

func (s issuerStatus) line(hosts int) string {
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
