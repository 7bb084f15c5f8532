package cmd

import "io"

// drawing is a way to draw who accepts whom.
type drawing struct {
	name string
	draw func(w io.Writer, chart chart, p painter)
}

func drawings() []drawing {
	return []drawing{{"table", drawTable}, {"mermaid", drawMermaid}, {"svg", drawSVG}}
}
