package hostscmd

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
)

// mostAdded is how many hosts are added at once.
const mostAdded = 10_000

// check refuses what does not say which hosts to add.
func (o addOptions) check(c *cobra.Command) error {
	counted, named := c.Flags().Changed("count"), c.Flags().Changed("template")
	switch {
	case counted != named:
		return app.UsageIn(c, "--count and --template belong together")
	case !counted && c.Flags().Changed("from"):
		return app.UsageIn(c, "--from is for --count and --template")
	case counted && len(o.names) > 0:
		return app.UsageIn(c, "hosts are named, and counted as well: do one after the other")
	case !counted:
		return app.AtLeastOne("HOST")(c, o.names)
	case o.count < 1 || o.count > mostAdded:
		return app.UsageIn(c, "--count is a number of hosts, 1 to %d", mostAdded)
	case o.from < 0:
		return app.UsageIn(c, "--from is a number that is not below 0")
	}
	return nil
}

// place is where the number stands in a template, and how many digits it has.
func place() *regexp.Regexp { return regexp.MustCompile(`\{n(?::([1-9]))?\}`) }

// numberedNames are the names that a template gives, numbered on from the highest
// number that is in use.
func numberedNames(m lattice.Manifest, o addOptions) ([]string, error) {
	at := place().FindAllStringSubmatchIndex(o.template, -1)
	if len(at) != 1 {
		return nil, fmt.Errorf("the template %q must hold {n} once, where the number is to stand", o.template)
	}
	before, after := o.template[:at[0][0]], o.template[at[0][1]:]
	width := 0
	if at[0][2] >= 0 {
		width, _ = strconv.Atoi(o.template[at[0][2]:at[0][3]])
	}
	from := o.from
	if !o.numbered {
		from = 1 + highest(m, before, after)
	}
	names := make([]string, o.count)
	for i := range names {
		names[i] = fmt.Sprintf("%s%0*d%s", before, width, from+i, after)
	}
	return names, nil
}

// highest is the highest number that a host of the template has, 0 for none.
func highest(m lattice.Manifest, before, after string) int {
	top := 0
	for _, h := range m.Hosts {
		digits, hasBefore := strings.CutPrefix(h.Name, before)
		digits, hasAfter := strings.CutSuffix(digits, after)
		if number, err := strconv.Atoi(digits); err == nil && hasBefore && hasAfter && digits[0] != '+' && digits[0] != '-' {
			top = max(top, number)
		}
	}
	return top
}
