package terminaltest

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Size is that of a terminal.
type Size struct{ Columns, Rows int }

// Usual is the size that a terminal has unless somebody widens its window.
func Usual() Size { return Size{80, 24} }

// plain is the colour of a cell that has none.
const plain = -1

// Cell is one place of a screen. The right half of a wide character has no text.
type Cell struct {
	Text   string
	Colour int // as terminals number them, plain for none
	Bold   bool
}

// Screen is what a terminal shows.
type Screen struct {
	Size
	Rows   [][]Cell
	Cursor struct{ Column, Row int }
}

// Play gives the screen of a terminal of this size that was sent so much.
func Play(size Size, sent []byte) (Screen, error) {
	terminal := vt.NewEmulator(size.Columns, size.Rows)
	if _, err := terminal.Write(sent); err != nil {
		return Screen{}, err
	}
	s := Screen{Size: size}
	for y := range size.Rows {
		row := make([]Cell, size.Columns)
		for x := range row {
			if c := terminal.CellAt(x, y); c != nil {
				row[x] = cell(*c)
			}
		}
		s.Rows = append(s.Rows, row)
	}
	at := terminal.CursorPosition()
	s.Cursor.Column, s.Cursor.Row = at.X, at.Y
	return s, terminal.Close()
}

func cell(c uv.Cell) Cell {
	drawn := Cell{Text: c.Content, Colour: plain, Bold: c.Style.Attrs&uv.AttrBold != 0}
	if colour, basic := c.Style.Fg.(ansi.BasicColor); basic {
		drawn.Colour = int(colour)
	}
	if drawn.Text == " " { // which look alike in any colour
		return Cell{Text: " ", Colour: plain}
	}
	return drawn
}

// String is the text of the screen, without the blanks at the ends of lines.
func (s Screen) String() string {
	var text strings.Builder
	for _, row := range s.Rows {
		var line strings.Builder
		for _, c := range row {
			line.WriteString(c.Text)
		}
		text.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return text.String()
}
