package report

import "io"

// Drawing is a way to draw who accepts whom.
type Drawing struct {
	Name string
	Draw func(w io.Writer, chart Chart, p Painter, width int) // in columns, 0 for any number
}

// Drawings are all ways to draw, the usual one first.
func Drawings() []Drawing {
	return []Drawing{{"table", drawTable}, {"mermaid", drawMermaid}, {"svg", drawSVG}}
}
