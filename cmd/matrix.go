package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// printMatrix draws who accepts whom: the host of a row signs, that of a column
// accepts. Columns are numbered, so that long names do not widen the table.
func printMatrix(w io.Writer, hosts []hostDocument, matrix lattice.Matrix, p palette) {
	if len(hosts) == 0 {
		fmt.Fprintln(w, "no hosts yet")
		return
	}
	names, signs := len("HOST"), len("SIGNS WITH")
	for _, h := range hosts {
		names, signs = max(names, len(h.Name)), max(signs, len(h.SignsWith))
	}
	number := len(fmt.Sprint(len(hosts)))
	fmt.Fprintf(w, "%*s  %-*s  %-*s  ACCEPTED BY\n", number, "", names, "HOST", signs, "SIGNS WITH")
	fmt.Fprintf(w, "%*s  %-*s  %-*s ", number, "", names, "", signs, "")
	for i := range hosts {
		fmt.Fprintf(w, " %*d", number, i+1)
	}
	fmt.Fprintln(w)
	for i, h := range hosts {
		fmt.Fprintf(w, "%*d  %-*s  %-*s ", number, i+1, names, h.Name, signs, h.SignsWith)
		for j := range hosts {
			// Padded outside the paint: colour codes have no width.
			fmt.Fprint(w, " ", strings.Repeat(" ", number-1), cell(matrix.Accepts(i, j), p))
		}
		fmt.Fprintln(w)
	}
}

// cell is one answer: a shape as well as a colour, for who sees no colours.
func cell(accepted bool, p palette) string {
	if accepted {
		return p.green("✓")
	}
	return p.red("✗")
}
