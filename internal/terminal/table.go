package terminal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Table writes rows in columns, two blanks apart.
func Table(w io.Writer, header []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	one := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`) // a cell is one cell
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			end := "\t"
			if i == len(row)-1 {
				end = "\n"
			}
			fmt.Fprint(t, one.Replace(cell), end)
		}
	}
	_ = t.Flush() // whoever gave w keeps the error
}
