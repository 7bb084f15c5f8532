package issuerscmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/terminal"
)

// print shows people where the rotation stands: of many hosts the first that matter.
func (d statusDocument) print(w io.Writer, p terminal.Palette, width int) {
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
	sorted := d.troubleFirst()
	rows := make([][]string, len(sorted))
	for i, h := range sorted {
		rows[i] = h.cells(p, d.Phase)
	}
	app.FoldedTable(w, width, []string{hostHeader(d.Phase), "SIGNS WITH", "ACCEPTS", "KNOWN", "SINCE", ""}, rows)
	fmt.Fprintln(w)
	if d.Phase != rotation.Steady {
		for _, s := range d.Issuers {
			fmt.Fprintln(w, s.line(len(d.members())))
		}
		fmt.Fprintln(w)
	}
	if q := d.Quiet; q != nil {
		fmt.Fprintf(w, "no call was signed with an old key from %s to %s (%s)\n\n", q.Since.Format(time.RFC3339), q.Until.Format(time.RFC3339), q.Until.Sub(q.Since))
	}
	for _, o := range d.Obstacles {
		if o.Host == "" {
			fmt.Fprintln(w, o.Reason)
		}
	}
	switch {
	case len(d.Acts) > 0:
		fmt.Fprintln(w, "next:", strings.ReplaceAll(rotation.Lines(d.Acts), "\n", "\n  ")) // as messages are
	default:
		fmt.Fprintln(w, "next: nothing; no rotation is due")
	}
}

// troubleFirst are the hosts, those that stand in the way first.
func (d statusDocument) troubleFirst() []hostStatus {
	if len(d.Hosts) <= app.MostRows {
		return d.Hosts
	}
	sorted := slices.Clone(d.Hosts)
	slices.SortStableFunc(sorted, func(a, b hostStatus) int { return cmp.Compare(b.trouble(), a.trouble()) })
	return sorted
}

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

// hostHeader leaves room for the marks of the hosts.
func hostHeader(phase string) string {
	if phase == rotation.Steady {
		return "HOST"
	}
	return "  HOST"
}

func (h hostStatus) cells(p terminal.Palette, phase string) []string {
	mark, reason := p.Green("✓ "), cmp.Or(h.InTheWay, h.Doubt)
	switch {
	case reason != "":
		mark = p.Red("✗ ")
	case phase == rotation.Steady:
		mark = ""
	}
	if h.Evidence == "" {
		return []string{mark + h.Host, "-", "-", "-", "-", reason}
	}
	return []string{mark + h.Host, h.SignsWith, strings.Join(h.Accepts, ","), h.Evidence, h.Since.Format(time.RFC3339), reason}
}

func (s issuerStatus) line(hosts int) string {
	accepted := "?"
	if s.Accepted != nil {
		accepted = strconv.Itoa(*s.Accepted)
	}
	text := fmt.Sprintf("%s: accepted by %s of %d", s.Name, accepted, hosts)
	var notes []string
	if len(s.Missing) > 0 {
		notes = append(notes, "not by "+few(s.Missing))
	}
	if len(s.Unknown) > 0 {
		notes = append(notes, "unknown: "+few(s.Unknown))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return text + "; " + s.signers()
}

func (s issuerStatus) signers() string {
	switch {
	case s.Signing == nil:
		return "who signs with it is not known"
	case *s.Signing == 0:
		return "no host signs with it"
	case *s.Signing == 1:
		return "1 host signs with it"
	}
	return fmt.Sprintf("%d hosts sign with it", *s.Signing)
}

func few(names []string) string { return printable.Fold(names, mostRows) }
