package printable

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fold gives names in short, as shells would spell them out: web-{1..200}, db. Of many
// that are not numbered it gives the first, and how many more there are.
func Fold(names []string, most int) string {
	numbered, families := make([]numberedName, len(names)), map[[2]string]int{}
	for i, name := range names {
		n := splitNumber(name)
		family, known := families[[2]string{n.before, n.after}]
		if !known {
			family = len(families)
			families[[2]string{n.before, n.after}] = family
		}
		n.family = family
		numbered[i] = n
	}
	slices.SortStableFunc(numbered, func(a, b numberedName) int {
		return cmp.Or(cmp.Compare(a.family, b.family), cmp.Compare(a.number, b.number))
	})
	var parts []string
	shown := 0
	for from := 0; from < len(numbered); {
		to := from + 1
		for to < len(numbered) && numbered[to].follows(numbered[to-1]) {
			to++
		}
		if len(parts) == most {
			return fmt.Sprintf("%s and %d more", strings.Join(parts, ", "), len(names)-shown)
		}
		parts = append(parts, spelled(numbered[from:to]))
		shown, from = to, to
	}
	return strings.Join(parts, ", ")
}

// numberedName is a name taken apart at its last number.
type numberedName struct {
	before, digits, after string
	number                uint64
	family                int // of names that differ in the number alone; in the order in which they first stand
}

func splitNumber(name string) numberedName {
	isDigit := func(b byte) bool { return '0' <= b && b <= '9' }
	end := len(name)
	for end > 0 && !isDigit(name[end-1]) {
		end--
	}
	start := end
	for start > 0 && isDigit(name[start-1]) {
		start--
	}
	number, err := strconv.ParseUint(name[start:end], 10, 64)
	if err != nil { // none, or one that is too long to count with
		return numberedName{before: name}
	}
	return numberedName{before: name[:start], digits: name[start:end], after: name[end:], number: number}
}

// follows reports whether n is the name after the other: 10 after 9, and 010 after
// 009, but not 10.
func (n numberedName) follows(o numberedName) bool {
	alike := n.digits != "" && o.digits != "" && n.before == o.before && n.after == o.after
	filled := len(n.digits) == len(o.digits)
	return alike && n.number == o.number+1 && (filled || n.digits[0] != '0' && o.digits[0] != '0')
}

func spelled(run []numberedName) string {
	first, last := run[0], run[len(run)-1]
	switch len(run) {
	case 1:
		return first.before + first.digits + first.after
	case 2:
		return first.before + first.digits + first.after + ", " + last.before + last.digits + last.after
	}
	return fmt.Sprintf("%s{%s..%s}%s", first.before, first.digits, last.digits, first.after)
}
