package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/printable"
)

// gap is what stands between two columns.
const gap = "  "

// Table writes rows in columns. Where they are wider than width, which is 0 without
// a limit, the widest columns move to lines of their own below each row: nothing is
// left out, and no key is broken.
func Table(w io.Writer, width int, header []string, rows [][]string) {
	one := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`) // a cell is one cell
	clean := make([][]string, len(rows))
	for i, row := range rows {
		clean[i] = make([]string, len(row))
		for j, cell := range row {
			clean[i][j] = one.Replace(cell)
		}
	}
	t := table{header: header, rows: clean, limit: width}
	t.measure()
	t.fit()
	t.line(w, header)
	for _, row := range clean {
		t.line(w, row)
		t.stack(w, row)
	}
}

type table struct {
	header        []string
	rows          [][]string
	limit         int
	widths        []int // of the columns
	beside, below []int // which columns stand where
}

func (t *table) measure() {
	t.widths = make([]int, len(t.header))
	for _, row := range append([][]string{t.header}, t.rows...) {
		for i, cell := range row {
			t.widths[i] = max(t.widths[i], printable.Width(cell))
		}
	}
}

// fit moves the widest columns down until the others have room. The first stays:
// it tells the rows apart.
func (t *table) fit() {
	total := -len(gap)
	for i, width := range t.widths {
		t.beside = append(t.beside, i)
		total += width + len(gap)
	}
	for t.limit > 0 && total > t.limit && len(t.beside) > 1 {
		widest := slices.MaxFunc(t.beside[1:], func(a, b int) int { return t.widths[a] - t.widths[b] })
		t.beside = slices.DeleteFunc(t.beside, func(i int) bool { return i == widest })
		t.below = append(t.below, widest)
		total -= t.widths[widest] + len(gap)
	}
	slices.Sort(t.below)
}

func (t *table) line(w io.Writer, row []string) {
	var b strings.Builder
	for n, i := range t.beside {
		b.WriteString(row[i])
		if n < len(t.beside)-1 {
			b.WriteString(strings.Repeat(" ", t.widths[i]-printable.Width(row[i])) + gap)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// stack writes what has no room beside the others. A value that does not fit behind
// its label has a line to itself, so that it can be copied.
func (t *table) stack(w io.Writer, row []string) {
	for _, i := range t.below {
		label, value := strings.ToLower(strings.TrimSpace(t.header[i])), row[i]
		if label != "" {
			label += ": "
		}
		switch {
		case value == "" || value == "-":
		case len(gap)+len(label)+printable.Width(value) <= t.limit:
			fmt.Fprintln(w, gap+label+value)
		case label == "":
			fmt.Fprintln(w, value)
		default:
			fmt.Fprintf(w, "%s%s\n%s\n", gap, strings.TrimSpace(label), value)
		}
	}
}
