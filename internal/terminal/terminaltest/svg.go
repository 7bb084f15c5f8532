package terminaltest

import (
	"bytes"
	"fmt"
	"html"
	"strings"
)

// The measures of the picture, in pixels: of a cell, and of what is around the screen.
const (
	cellWidth  = 8.4
	cellHeight = 18
	margin     = 14
	baseline   = 13 // of the letters, in their cell
)

// The colours of the picture: a dark window, in whatever the page is shown.
const (
	background = "#16191f"
	foreground = "#d8dce3"
)

// colours are those that terminals know by number, as the picture has them.
func colours() [16]string {
	return [16]string{
		"#5c6370", "#ff6e67", "#7bd88f", "#f3c969", "#7aa8ff", "#d69bea", "#6fd3e3", "#d8dce3",
		"#7f8795", "#ff8d87", "#9ce5ab", "#f8d98c", "#a0c0ff", "#e3b8f2", "#97e1ec", "#ffffff",
	}
}

// SVG draws the screen. The title is for those who cannot see it.
func (s Screen) SVG(title string) []byte {
	var b bytes.Buffer
	width, height := 2*margin+float64(s.Columns)*cellWidth, 2*margin+s.Size.Rows*cellHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%d" viewBox="0 0 %[1]g %[2]d" role="img"`, width, height)
	fmt.Fprintf(&b, ` font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="%s">`+"\n", foreground)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(title))
	fmt.Fprintf(&b, `<rect width="%g" height="%d" rx="8" fill="%s"/>`+"\n", width, height, background)
	for y, row := range s.Rows {
		for _, r := range runs(row) {
			fmt.Fprintf(&b, `<text x="%s" y="%d"%s>%s</text>`+"\n", at(r.from), margin+y*cellHeight+baseline, r.style(), html.EscapeString(r.text))
		}
	}
	fmt.Fprintf(&b, `<rect x="%s" y="%d" width="%g" height="%d" opacity=".6"/>`+"\n", at(s.Cursor.Column), margin+s.Cursor.Row*cellHeight, cellWidth, cellHeight-1)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// at is where a column begins.
func at(column int) string { return fmt.Sprintf("%.1f", margin+float64(column)*cellWidth) }

// run is text of one colour, of one line. Two blanks end it, so that text behind them
// stands in its column whatever the font.
type run struct {
	from, columns int
	text          string
	colour        int
	bold          bool
}

func runs(row []Cell) []run {
	var all []run
	for x, c := range row {
		last := len(all) - 1
		joins := last >= 0 && !strings.HasSuffix(all[last].text, "  ") &&
			(c.Text == " " || c.Text == "" || all[last].colour == c.Colour && all[last].bold == c.Bold)
		switch {
		case joins:
			all[last].text += c.Text
			all[last].columns++
		case c.Text != " " && c.Text != "":
			all = append(all, run{from: x, columns: 1, text: c.Text, colour: c.Colour, bold: c.Bold})
		}
	}
	for i := range all {
		kept := strings.TrimRight(all[i].text, " ")
		all[i].columns -= len(all[i].text) - len(kept)
		all[i].text = kept
	}
	return all
}

// style gives the text as many columns as it takes on a terminal, in any font.
func (r run) style() string {
	style := fmt.Sprintf(` textLength="%.1f"`, float64(r.columns)*cellWidth)
	if r.colour != plain {
		style += fmt.Sprintf(` fill="%s"`, colours()[r.colour])
	}
	if r.bold {
		style += ` font-weight="bold"`
	}
	return style
}
