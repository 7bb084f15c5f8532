package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/printable"
)

// fewColumns are always left for answers, however long the names are.
const fewColumns = 2

// drawTable draws who accepts whom: the host of a row signs, that of a column
// accepts. Columns are numbered, so that long names do not widen the table. Where
// they have no room beside each other they are drawn in several tables.
func drawTable(w io.Writer, c Chart, p Painter, width int) {
	if len(c.rows) == 0 {
		fmt.Fprintln(w, "no hosts yet")
		return
	}
	t := c.layOut(width)
	all := make([]int, len(c.rows))
	for i := range all {
		all[i] = i
	}
	for columns := range slices.Chunk(all, t.together) {
		if columns[0] > 0 {
			fmt.Fprintln(w)
		}
		t.head(w, columns)
		for i := range c.rows {
			t.row(w, c, i, columns, p)
		}
	}
	if remark := c.remark(); remark != "" {
		fmt.Fprintln(w, remark)
	}
}

// layout is how wide things are, in columns.
type layout struct {
	names, signs, number int
	width                int // of the terminal, 0 without limit
	together             int // how many hosts stand beside each other
}

func (c Chart) layOut(width int) layout {
	t := layout{names: len("HOST"), signs: len("SIGNS WITH"), number: len(fmt.Sprint(len(c.rows))), width: width, together: len(c.rows)}
	for _, row := range c.rows {
		t.names, t.signs = max(t.names, printable.Width(row.String())), max(t.signs, printable.Width(row.signs))
	}
	if width == 0 {
		return t
	}
	each := t.number + 1
	room := width - t.number - 5 - min(fewColumns, len(c.rows))*each
	for t.names+t.signs > room && max(t.names, t.signs) > each {
		if t.names >= t.signs {
			t.names--
		} else {
			t.signs--
		}
	}
	t.together = min(len(c.rows), max(1, (width-t.number-5-t.names-t.signs)/each))
	return t
}

func (t layout) head(w io.Writer, columns []int) {
	var title strings.Builder
	t.left(&title, "", "HOST", "SIGNS WITH")
	fmt.Fprintln(w, printable.Cut(title.String()+" ACCEPTED BY", t.width))
	t.left(w, "", "", "")
	for _, i := range columns {
		fmt.Fprintf(w, " %*d", t.number, i+1)
	}
	fmt.Fprintln(w)
}

func (t layout) row(w io.Writer, c Chart, i int, columns []int, p Painter) {
	t.left(w, fmt.Sprint(i+1), c.rows[i].String(), c.rows[i].signs)
	for _, j := range columns {
		// Padded outside the paint: colour codes have no width.
		fmt.Fprint(w, " ", strings.Repeat(" ", t.number-1), cell(c.mark(i, j), p))
	}
	fmt.Fprintln(w)
}

// left is what stands before the answers.
func (t layout) left(w io.Writer, number, name, signs string) {
	fmt.Fprintf(w, "%*s  %s  %s ", t.number, number, filled(name, t.names), filled(signs, t.signs))
}

// filled is a text in so many columns.
func filled(text string, width int) string {
	text = printable.Cut(text, width)
	return text + strings.Repeat(" ", max(0, width-printable.Width(text)))
}

// cell is one answer: a shape as well as a colour, for who sees no colours.
func cell(m mark, p Painter) string {
	switch m {
	case accepted:
		return p.Green("✓")
	case neverMeet:
		return "·"
	}
	return p.Red("✗")
}
