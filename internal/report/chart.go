package report

import (
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Chart is who accepts whom, made for drawing. Where there are many hosts, those
// that stand alike are one row.
type Chart struct {
	matrix lattice.Matrix
	rows   []chartRow
}

type chartRow struct {
	at    int    // in the matrix
	label string // the host's name, and whether that is how it was deployed
	more  int    // how many others stand alike
	signs string // what it signs with, by name where there is one
}

func (r chartRow) String() string {
	if r.more == 0 {
		return r.label
	}
	return fmt.Sprintf("%s and %d more", r.label, r.more)
}

// mostSingle is how many hosts are drawn one by one.
const mostSingle = 24

// NewChart draws keys by their names, where they have one.
func NewChart(matrix lattice.Matrix, names map[keys.PublicKey]string) Chart {
	c := Chart{matrix: matrix}
	standings := matrix.Standings()
	index := map[string]int{}
	for i, s := range standings {
		label := s.Host
		if s.Deployed {
			label += " (deployed)"
		}
		if len(standings) > mostSingle {
			stands := s.Signs.String() + " " + s.Accepts.String() + label[len(s.Host):]
			if first, seen := index[stands]; seen {
				c.rows[first].more++
				continue
			}
			index[stands] = len(c.rows)
		}
		c.rows = append(c.rows, chartRow{at: i, label: label, signs: keyName(s.Signs, names)})
	}
	return c
}

// mark is one answer: accepted, refused, or that the two never meet.
type mark int

const (
	accepted mark = iota
	refusedMark
	neverMeet
)

func (c Chart) mark(row, column int) mark {
	from, to := c.rows[row].at, c.rows[column].at
	switch {
	case !c.matrix.Meet(from, to):
		return neverMeet
	case c.matrix.Accepts(from, to):
		return accepted
	}
	return refusedMark
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
