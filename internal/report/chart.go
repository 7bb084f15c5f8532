package report

import (
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
)

// Chart is who accepts whom, made for drawing. Where there are many hosts, those
// that stand alike are one row.
type Chart struct {
	matrix lattice.Matrix
	rows   []chartRow
	left   int // how many rows there would be beyond the last
}

type chartRow struct {
	hosts []int  // in the matrix
	label string // the first host's name, and whether that is how it was deployed
	signs string // what they sign with, by name where there is one
}

func (r chartRow) String() string {
	if len(r.hosts) == 1 {
		return r.label
	}
	return fmt.Sprintf("%s and %d more", r.label, len(r.hosts)-1)
}

const (
	manyHosts = 24  // more than these are not drawn one by one
	mostRows  = 100 // more than these nobody looks at
)

// NewChart draws keys by their names, where they have one.
func NewChart(matrix lattice.Matrix, names map[keys.PublicKey]string) Chart {
	c := Chart{matrix: matrix}
	groups := chartGroups(matrix)
	if len(groups) > mostRows {
		groups, c.left = groups[:mostRows], len(groups)-mostRows
	}
	standings := matrix.Standings()
	for _, hosts := range groups {
		first := standings[hosts[0]]
		row := chartRow{hosts: hosts, label: printable.Line(first.Host), signs: keyName(first.Signs, names)}
		if first.Deployed {
			row.label += " (deployed)"
		}
		if n := keysOf(standings, hosts); n > 1 {
			row.signs = fmt.Sprintf("%d keys", n)
		}
		c.rows = append(c.rows, row)
	}
	return c
}

// chartGroups are the hosts of each row: one by one where they are few, then those
// of one key, then all that stand alike.
func chartGroups(matrix lattice.Matrix) [][]int {
	if n := len(matrix.Standings()); n <= manyHosts {
		single := make([][]int, n)
		for i := range single {
			single[i] = []int{i}
		}
		return single
	}
	if groups := matrix.GroupsByKey(); len(groups) <= manyHosts {
		return groups
	}
	return matrix.Groups()
}

// keysOf is how many keys the hosts sign with.
func keysOf(standings []lattice.Standing, hosts []int) int {
	signing := map[keys.PublicKey]bool{}
	for _, at := range hosts {
		signing[standings[at].Signs] = true
	}
	return len(signing)
}

// remark is what there is to say beside the drawing; "" for nothing.
func (c Chart) remark() string {
	if c.left == 0 {
		return ""
	}
	return fmt.Sprintf("%d more groups of hosts are not drawn; latch lattice show -o json has all", c.left)
}

// mark is one answer: accepted, refused, or that the two never meet.
type mark int

const (
	accepted mark = iota
	refusedMark
	neverMeet
)

func (c Chart) mark(row, column int) mark {
	from, to, meet := c.pair(c.rows[row].hosts, c.rows[column].hosts)
	switch {
	case !meet:
		return neverMeet
	case c.matrix.Accepts(from, to):
		return accepted
	}
	return refusedMark
}

// pair finds a host of each group that can run at the same time; all other pairs
// are as they are.
func (c Chart) pair(signers, acceptors []int) (from, to int, meet bool) {
	for _, from := range signers[:min(2, len(signers))] {
		for _, to := range acceptors[:min(2, len(acceptors))] {
			if c.matrix.Meet(from, to) {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}

// keyName is a key's name, or so much of it as tells it from others.
func keyName(key keys.PublicKey, names map[keys.PublicKey]string) string {
	const enough = 10
	if name, ok := names[key]; ok {
		return name
	}
	if key.IsZero() {
		return "a key nobody knows"
	}
	return key.String()[:enough] + "…"
}
