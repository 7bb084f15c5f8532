package report

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

var update = flag.Bool("update", false, "write the drawings instead of comparing with them")

// plain paints nothing.
type plain struct{}

func (plain) Red(text string) string    { return text }
func (plain) Green(text string) string  { return text }
func (plain) Yellow(text string) string { return text }

func chartKey(t *testing.T, b byte) keys.PublicKey {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat(string(rune(b)), 32)))
	if err != nil {
		t.Fatal(err)
	}
	return seed.PublicKey()
}

// awkward is a lattice with a refusal, a host in two states and a name that
// needs care everywhere.
func awkward(t *testing.T) Chart {
	t.Helper()
	a, b := chartKey(t, 'a'), chartKey(t, 'b')
	return NewChart(lattice.NewMatrix([]lattice.Standing{
		{Host: `<web & "co">`, Signs: a, Accepts: keys.Issuers{a, b}},
		{Host: "web-2", Signs: b, Accepts: keys.Issuers{b}},
		{Host: "web-2", Signs: a, Accepts: keys.Issuers{a}, Deployed: true},
	}), nil)
}

// Each drawing is a golden file; -update writes them.
func TestDrawings(t *testing.T) {
	t.Parallel()
	for _, d := range Drawings() {
		var got strings.Builder
		d.Draw(&got, awkward(t), plain{}, 0)
		path := "testdata/drawings/awkward." + d.Name
		if *update {
			if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || string(want) != got.String() {
			t.Errorf("%s: got\n%s(%v)", path, got.String(), err)
		}
	}
}

// The picture is XML, with a title for each pair that says who refuses whom.
func TestSVGIsXML(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	drawSVG(&text, awkward(t), plain{}, 0)
	d := xml.NewDecoder(strings.NewReader(text.String()))
	titles := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			titles++
		}
	}
	if titles != 1+9 || !strings.Contains(text.String(), "web-2 refuses &lt;web") {
		t.Errorf("%d titles in %s", titles, text.String())
	}
}

// A red line of Mermaid is styled by its number among all lines.
func TestMermaidStylesTheRefusals(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	drawMermaid(&text, awkward(t), plain{}, 0)
	links, refusals := 0, 0
	for line := range strings.Lines(text.String()) {
		if style := regexp.MustCompile(`^  linkStyle (\d+) `).FindStringSubmatch(line); style != nil {
			if n, _ := strconv.Atoi(style[1]); n != links-1 {
				t.Errorf("%s styles another line than %d", strings.TrimSpace(line), links-1)
			}
			refusals++
			continue
		}
		if strings.Contains(line, "-->") || strings.Contains(line, ".->") || strings.Contains(line, "--x") {
			links++
		}
	}
	if refusals != 1 {
		t.Errorf("%d refusals in\n%s", refusals, text.String())
	}
}

// Many hosts that stand alike are one row.
func TestHostsAlikeAreDrawnTogether(t *testing.T) {
	t.Parallel()
	a, b := chartKey(t, 'a'), chartKey(t, 'b')
	var standings []lattice.Standing
	for i := range 1000 {
		standings = append(standings, lattice.Standing{Host: fmt.Sprint("h", i), Signs: a, Accepts: keys.Issuers{a, b}})
	}
	standings[500].Signs = b
	c := NewChart(lattice.NewMatrix(standings), nil)
	if len(c.rows) != 2 || c.rows[0].String() != "h0 and 998 more" || c.rows[1].String() != "h500" {
		t.Errorf("rows: %v", c.rows)
	}
}

// Many hosts with keys of their own are one row where all accept all, and a drawing
// never has more rows than somebody looks at.
func TestDrawingsAreBounded(t *testing.T) {
	t.Parallel()
	var all keys.Issuers
	random := rand.NewChaCha8([32]byte{})
	for range 3000 {
		seed, err := keys.Generate(keys.Cluster, random)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, seed.PublicKey())
	}
	apart, together := make([]lattice.Standing, len(all)), make([]lattice.Standing, len(all))
	for i, key := range all {
		together[i] = lattice.Standing{Host: fmt.Sprint("h", i), Signs: key, Accepts: all}
		apart[i] = lattice.Standing{Host: fmt.Sprint("h", i), Signs: key, Accepts: keys.Issuers{key}}
	}
	if c := NewChart(lattice.NewMatrix(together), nil); len(c.rows) != 1 || c.rows[0].String() != "h0 and 2999 more" || c.rows[0].signs != "3000 keys" {
		t.Errorf("rows: %v", c.rows)
	}
	for _, d := range Drawings() {
		var text strings.Builder
		d.Draw(&text, NewChart(lattice.NewMatrix(apart), nil), plain{}, 0)
		if text.Len() > 4<<20 || !strings.Contains(text.String(), "2900 more groups of hosts are not drawn") {
			t.Errorf("%s: %d bytes", d.Name, text.Len())
		}
	}
}

// Hosts as they were and as they are meet, but for one host's own two.
func TestGroupsOfHostsMeet(t *testing.T) {
	t.Parallel()
	a, b := chartKey(t, 'a'), chartKey(t, 'b')
	var standings []lattice.Standing
	for i := range 30 {
		standings = append(standings,
			lattice.Standing{Host: fmt.Sprint("h", i), Signs: b, Accepts: keys.Issuers{a, b}},
			lattice.Standing{Host: fmt.Sprint("h", i), Signs: a, Accepts: keys.Issuers{a}, Deployed: true})
	}
	if c := NewChart(lattice.NewMatrix(standings), nil); len(c.rows) != 2 || c.mark(0, 1) != refusedMark || c.mark(1, 0) != accepted {
		t.Errorf("rows %v: %v, %v", c.rows, c.mark(0, 1), c.mark(1, 0))
	}
}
