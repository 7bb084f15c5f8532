package yamledit

import "strings"

// Render writes a mapping as a document in block style.
func Render(m Map) string {
	return strings.Join(blockFields(m.Fields, 0, 2), "\n") + "\n"
}

// blockFields are fields below each other, by lines.
func blockFields(fields []Entry, indent, listIndent int) []string {
	lead := strings.Repeat(" ", indent)
	var lines []string
	for _, e := range fields {
		switch v := e.Value.(type) {
		case nil:
			continue
		case Sequence:
			if len(v.Items) > 0 {
				lines = append(append(lines, lead+e.Name+":"), blockItems(v.Items, listIndent, " ")...)
				continue
			}
		case Map:
			if v.Block {
				lines = append(append(lines, lead+e.Name+":"), blockFields(v.Fields, indent+2, indent+4)...)
				continue
			}
		}
		lines = append(lines, lead+e.inline())
	}
	return lines
}

// blockItems are elements of a block list, by lines: indent spaces, the dash, the
// gap, and the fields below each other.
func blockItems(items []Item, indent int, gap string) []string {
	var lines []string
	for _, item := range items {
		lead := strings.Repeat(" ", indent) + "-" + gap
		for _, text := range item.inlineFields() {
			lines = append(lines, lead+text)
			lead = strings.Repeat(" ", len(lead))
		}
	}
	return lines
}
