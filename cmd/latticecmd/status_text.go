package latticecmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// What people are shown of many; JSON output has all.
const (
	mostRunning = 40 // of which is said why they are not as written
	mostRefused = 20
	mostAccepts = 3
)

// print shows people the hosts, then who of them accepts whom.
func (l look) print(w io.Writer, doc statusDocument, s wasmbus.Status) {
	fmt.Fprintf(w, "lattice %s, generation %d: %s\n\n", doc.Lattice, doc.Generation, doc.summary())
	sorted := doc.troubleFirst()
	rows := make([][]string, len(sorted))
	for i, h := range sorted {
		rows[i] = h.cells(l.OutPalette())
	}
	app.FoldedTable(w, l.Width(), []string{"  HOST", "VERSION", "SIGNS WITH", "ACCEPTS", "GEN", ""}, rows)
	for _, h := range sorted[:min(mostRunning, len(sorted))] {
		if h.Why != "" {
			l.Prose(w, len(indent), func(w io.Writer) {
				fmt.Fprintf(w, "\n%s: %s\n%s%s\n%s", h.Host, h.Verdict, indent, h.Why, h.ownKey())
			})
		}
	}
	matrix := lattice.NewMatrix(s.Standings())
	if len(matrix.Standings()) < 2 {
		return
	}
	fmt.Fprintln(w)
	names := map[keys.PublicKey]string{}
	for _, is := range l.m.Issuers {
		names[is.PublicKey] = is.Name
	}
	report.Drawings()[0].Draw(w, report.NewChart(matrix, names), l.OutPalette(), l.Width())
	if len(doc.Refused) > 0 {
		fmt.Fprintln(w)
	}
	for i, r := range doc.Refused {
		if i == mostRefused {
			fmt.Fprintf(w, "and %d more: -o json lists them all\n", len(doc.Refused)-i)
			break
		}
		l.Prose(w, len(indent), func(w io.Writer) { fmt.Fprintln(w, refusalText(r, l.m)) })
	}
}

func refusalText(r refusalDocument, m lattice.Manifest) string {
	if r.PublicKey.IsZero() {
		return fmt.Sprintf("%s refuses %s, which signs with no cluster key", r.Acceptor, r.Signer)
	}
	return fmt.Sprintf("%s refuses %s: it does not accept %s", r.Acceptor, r.Signer, m.KeyNames()(r.PublicKey))
}

// summary is how many answered, and how many of all are not as they should be.
func (d statusDocument) summary() string {
	text := fmt.Sprintf("%d of %d host%s answered", d.Answered, d.Of, app.Plural(d.Of))
	var drift, aside int
	for _, h := range d.Hosts {
		switch {
		case h.Expected != nil:
			aside++
		case h.Verdict != wasmbus.AsWritten:
			drift++
		}
	}
	switch {
	case drift > 0:
		text += fmt.Sprintf(", %d not as written", drift)
	default:
		text += ", all as written"
	}
	if aside > 0 {
		text += fmt.Sprintf(", %d expected not to be", aside)
	}
	return text
}

// troubleFirst are the hosts: where they are many, those with trouble first.
func (d statusDocument) troubleFirst() []runningHost {
	if len(d.Hosts) <= mostRunning {
		return d.Hosts
	}
	sorted := slices.Clone(d.Hosts)
	trouble := func(h runningHost) int {
		if h.Verdict == wasmbus.AsWritten {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(a, b runningHost) int { return cmp.Compare(trouble(a), trouble(b)) })
	return sorted
}

func (h runningHost) cells(p terminal.Palette) []string {
	mark := p.Red("✗")
	switch {
	case h.Verdict == wasmbus.AsWritten:
		mark = p.Green("✓")
	case h.Expected != nil:
		mark = p.Yellow("~")
	}
	host, verdict := mark+" "+h.Host, string(h.Verdict)
	if h.Key.IsZero() {
		return []string{host, "-", "-", "-", "-", verdict}
	}
	generation := "-"
	if h.Generation > 0 {
		generation = strconv.FormatUint(h.Generation, 10)
	}
	return []string{host, cmp.Or(h.Version, "-"), cmp.Or(shortKey(h.SignsWith), "-"), cmp.Or(few(h.Accepts), "-"), generation, verdict}
}

// ownKey is a line with the host's own key, which tells it from others of its name.
func (h runningHost) ownKey() string {
	if h.Key.IsZero() || h.Host == h.Key.String() {
		return ""
	}
	return indent + "host key " + h.Key.String() + "\n"
}

func few(names []string) string {
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = shortKey(name)
	}
	if more := len(short) - mostAccepts; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(short[:mostAccepts], ","), more)
	}
	return strings.Join(short, ",")
}

// shortKey is the beginning of a key that has no name; where it matters it stands in
// full below the table.
func shortKey(name string) string {
	const shown = 10
	if len(name) == keys.PublicKeyLength && keys.WellSpelled(name, keys.Cluster) {
		return name[:shown] + "…"
	}
	return name
}

// indent is what continues a sentence, or explains what stands above.
const indent = "  "
