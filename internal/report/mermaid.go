package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// drawMermaid draws hosts and keys as a flowchart of Mermaid, which GitHub and
// GitLab show in Markdown: a host signs with a key, a key is accepted by hosts,
// and a red line is a call that will be refused. Source: mermaid.js.org, the
// syntax of flowcharts.
func drawMermaid(w io.Writer, c Chart, _ Painter, _ int) {
	fmt.Fprintln(w, "flowchart LR")
	standings := c.matrix.Standings()
	ids := map[keys.PublicKey]string{}
	for i, row := range c.rows {
		key := standings[row.hosts[0]].Signs
		if _, known := ids[key]; !known {
			ids[key] = fmt.Sprintf("k%d", len(ids))
			fmt.Fprintf(w, "  %s([%s])\n", ids[key], quoted(row.signs))
		}
		fmt.Fprintf(w, "  h%d[%s]\n", i, quoted(row.String()))
	}
	if remark := c.remark(); remark != "" {
		fmt.Fprintf(w, "  more[%s]\n", quoted(remark))
	}
	links := 0
	for i, row := range c.rows {
		fmt.Fprintf(w, "  h%d -- signs --> %s\n", i, ids[standings[row.hosts[0]].Signs])
		links++
	}
	for i, row := range c.rows {
		for _, key := range standings[row.hosts[0]].Accepts {
			if id, drawn := ids[key]; drawn {
				fmt.Fprintf(w, "  %s -. accepted by .-> h%d\n", id, i)
				links++
			}
		}
	}
	for i := range c.rows {
		for j := range c.rows {
			if c.mark(i, j) == refusedMark {
				fmt.Fprintf(w, "  h%d -- refused --x h%d\n  linkStyle %d stroke:#c00,color:#c00\n", i, j, links)
				links++
			}
		}
	}
}

// quoted is text that Mermaid takes as it stands.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`#`, "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(text) + `"`
}
