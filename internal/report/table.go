package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// drawTable draws who accepts whom: the host of a row signs, that of a column
// accepts. Columns are numbered, so that long names do not widen the table.
func drawTable(w io.Writer, c Chart, p Painter) {
	if len(c.rows) == 0 {
		fmt.Fprintln(w, "no hosts yet")
		return
	}
	names, signs := len("HOST"), len("SIGNS WITH")
	for _, row := range c.rows {
		names, signs = max(names, utf8.RuneCountInString(row.String())), max(signs, utf8.RuneCountInString(row.signs))
	}
	number := len(fmt.Sprint(len(c.rows)))
	fmt.Fprintf(w, "%*s  %-*s  %-*s  ACCEPTED BY\n", number, "", names, "HOST", signs, "SIGNS WITH")
	fmt.Fprintf(w, "%*s  %-*s  %-*s ", number, "", names, "", signs, "")
	for i := range c.rows {
		fmt.Fprintf(w, " %*d", number, i+1)
	}
	fmt.Fprintln(w)
	for i, row := range c.rows {
		fmt.Fprintf(w, "%*d  %-*s  %-*s ", number, i+1, names, row, signs, row.signs)
		for j := range c.rows {
			// Padded outside the paint: colour codes have no width.
			fmt.Fprint(w, " ", strings.Repeat(" ", number-1), cell(c.mark(i, j), p))
		}
		fmt.Fprintln(w)
	}
	if remark := c.remark(); remark != "" {
		fmt.Fprintln(w, remark)
	}
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
