package report

import (
	"fmt"
	"html"
	"io"
	"unicode/utf8"
)

// The measures of the picture, in pixels.
const (
	svgCell   = 26
	svgLetter = 8 // the width of one, in the font asked for
	svgMargin = 12
)

// drawSVG draws the table as a picture that needs nothing else: shapes beside
// the colours, a title for each cell.
func drawSVG(w io.Writer, c Chart, _ Painter, _ int) {
	names, signs := len("host"), len("signs with")
	for _, row := range c.rows {
		names, signs = max(names, utf8.RuneCountInString(row.String())), max(signs, utf8.RuneCountInString(row.signs))
	}
	left := svgMargin + (names+signs+8)*svgLetter
	width, height := left+len(c.rows)*svgCell+svgMargin, svgMargin*2+(len(c.rows)+1)*svgCell
	if c.left > 0 {
		height += svgCell
	}
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="monospace" font-size="13" role="img">`+"\n", width, height, width, height)
	fmt.Fprintln(w, "<title>who accepts whom: the host of a row signs, that of a column accepts</title>")
	fmt.Fprintf(w, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	signsAt := svgMargin + (names+6)*svgLetter
	svgText(w, svgMargin+4*svgLetter, svgRow(0), "start", "#666", "host")
	svgText(w, signsAt, svgRow(0), "start", "#666", "signs with")
	for i, row := range c.rows {
		y := svgRow(i + 1)
		svgText(w, left+i*svgCell+svgCell/2, svgRow(0), "middle", "#666", fmt.Sprint(i+1))
		svgText(w, svgMargin+3*svgLetter, y, "end", "#666", fmt.Sprint(i+1))
		svgText(w, svgMargin+4*svgLetter, y, "start", "#000", row.String())
		svgText(w, signsAt, y, "start", "#000", row.signs)
		for j, column := range c.rows {
			svgMark(w, left+j*svgCell, svgMargin+(i+1)*svgCell, c.mark(i, j), row.String(), column.String())
		}
	}
	if remark := c.remark(); remark != "" {
		svgText(w, svgMargin, height-svgMargin/2, "start", "#666", remark)
	}
	fmt.Fprintln(w, "</svg>")
}

// svgRow is where the letters of a row stand.
func svgRow(row int) int { return svgMargin + row*svgCell + svgCell*2/3 }

func svgText(w io.Writer, x, y int, anchor, colour, text string) {
	fmt.Fprintf(w, `<text x="%d" y="%d" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, html.EscapeString(text))
}

func svgMark(w io.Writer, x, y int, m mark, signer, acceptor string) {
	colour, sign, verb := "#d8f0d8", "✓", "accepts"
	switch m {
	case refusedMark:
		colour, sign, verb = "#e03030", "✗", "refuses"
	case neverMeet:
		colour, sign, verb = "#eee", "·", "never meets"
	}
	fmt.Fprintf(w, `<g><title>%s</title><rect x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="#fff"/>`,
		html.EscapeString(acceptor+" "+verb+" "+signer), x, y, svgCell, svgCell, colour)
	fmt.Fprintf(w, `<text x="%d" y="%d" text-anchor="middle">%s</text></g>`+"\n", x+svgCell/2, y+svgCell*2/3, sign)
}
