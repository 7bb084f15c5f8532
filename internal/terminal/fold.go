package terminal

import (
	"strings"

	"github.com/latch-keys/latch/internal/printable"
)

// mostNames is how many names, or runs of them, stand for rows that are alike.
const mostNames = 4

// Fold makes rows that are alike but for their first cell, a name with or without a
// mark and a space before it, one row, where there are more than most of them. It gives
// for each row how many it stands for.
func Fold(rows [][]string, most int) (folded [][]string, of []int) {
	if len(rows) <= most {
		for range rows {
			of = append(of, 1)
		}
		return rows, of
	}
	at := map[string]int{}
	var names [][]string
	var marks []string
	for _, row := range rows {
		space := strings.LastIndexByte(row[0], ' ') + 1
		mark, name := row[0][:space], row[0][space:]
		key := mark + "\x00" + strings.Join(row[1:], "\x00")
		i, known := at[key]
		if !known {
			i = len(folded)
			at[key] = i
			folded, of, names = append(folded, append([]string(nil), row...)), append(of, 0), append(names, nil)
			marks = append(marks, mark)
		}
		of[i]++
		names[i] = append(names[i], name)
	}
	for i, row := range folded {
		row[0] = marks[i] + printable.Fold(names[i], mostNames)
	}
	return folded, of
}
