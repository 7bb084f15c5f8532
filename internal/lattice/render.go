package lattice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// New writes a fresh document that says what m says; a generation of 0 becomes
// 1. There need be no file at path, and Save replaces none.
func New(path string, m Manifest) (*Document, error) {
	if err := CheckPrefix(m.Lattice); err != nil {
		return nil, err
	}
	if m.Keystore != "" {
		if err := checkKeystore(m.Keystore); err != nil {
			return nil, err
		}
	}
	want := Manifest{
		Lattice: m.Lattice, Target: m.Target, Keystore: m.Keystore, NATS: m.NATS, Generation: max(m.Generation, 1),
		Denied: m.Denied,
	}
	for _, is := range m.Issuers {
		if err := want.addIssuer(is); err != nil {
			return nil, err
		}
	}
	for _, h := range m.Hosts {
		if err := want.addHost(h); err != nil {
			return nil, err
		}
	}
	d, err := Decode(path, []byte(render(want)))
	if err != nil {
		return nil, err
	}
	d.loaded = nil
	want.MaxAge, want.MinSoak, want.Rotation = m.MaxAge, m.MinSoak, m.Rotation
	return d.Update(want)
}

func render(m Manifest) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The lattice %q: who signs with which cluster key, and whom every host accepts.\n", m.Lattice)
	b.WriteString("# Holds no secret: keep it in git. latch edits it and keeps your comments.\n")
	fmt.Fprintf(&b, "version: %d\nlattice: %s\ntarget: %s\n", Version, scalarText(m.Lattice), scalarText(m.Target.String()))
	if m.Keystore != "" {
		fmt.Fprintf(&b, "keystore: %s\n", scalarText(m.Keystore))
	}
	for _, f := range natsField(m.NATS) {
		b.WriteString(f.String() + "\n")
	}
	renderList(&b, "issuers", m.Issuers, issuerFields)
	renderList(&b, "hosts", m.Hosts, hostFields)
	fmt.Fprintf(&b, "generation: %d\n", m.Generation)
	return b.String()
}

func renderList[T any](b *strings.Builder, name string, items []T, render func(T) []field) {
	if len(items) == 0 {
		fmt.Fprintf(b, "%s: []\n", name)
		return
	}
	fmt.Fprintf(b, "%s:\n", name)
	for _, it := range items {
		for _, line := range blockItem(render(it), 2, " ") {
			b.WriteString(line + "\n")
		}
	}
}

// field is one line of a mapping: its name and its value as YAML text.
type field struct{ name, value string }

func (f field) String() string { return f.name + ": " + f.value }

func issuerFields(is Issuer) []field {
	fields := []field{{"name", scalarText(is.Name)}, {"public_key", is.PublicKey.String()}}
	if !is.Created.IsZero() {
		fields = append(fields, field{"created", timeText(is.Created)})
	}
	return fields
}

func hostFields(h Host) []field {
	fields := []field{{"name", scalarText(h.Name)}, {"signs_with", scalarText(h.SignsWith)}}
	if !h.Target.IsZero() {
		fields = append(fields, field{"target", scalarText(h.Target.String())})
	}
	return append(append(fields, natsField(h.NATS)...), variablesField(h.Env)...)
}

// blockItem is an element of a block list, by lines: indent spaces, the dash,
// the gap, and the fields below each other.
func blockItem(fields []field, indent int, gap string) []string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lead := strings.Repeat(" ", indent) + "-" + gap
		if i > 0 {
			lead = strings.Repeat(" ", len(lead))
		}
		lines[i] = lead + f.String()
	}
	return lines
}

// blockItems are elements of a block list, by lines.
func blockItems(items [][]field, indent int, gap string) []string {
	var lines []string
	for _, item := range items {
		lines = append(lines, blockItem(item, indent, gap)...)
	}
	return lines
}

// flowItem is a mapping in braces.
func flowItem(fields []field) string { return "{" + strings.Join(flowFields(fields), ", ") + "}" }

func flowFields(fields []field) []string {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = f.String()
	}
	return texts
}

// flowItems are elements of a list in brackets.
func flowItems(items [][]field) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = flowItem(item)
	}
	return strings.Join(texts, ", ")
}

// scalarText is a text as YAML: plain where every reader takes it for a text, in
// block style as in flow style, and otherwise in double quotes.
func scalarText(text string) string {
	if isPlain(text) {
		return text
	}
	return doubleQuoted(text)
}

func doubleQuoted(text string) string { return strconv.Quote(text) }

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func isPlain(text string) bool {
	const marks = "._:/@%+=-"
	for i := range len(text) {
		if !isAlphanumeric(text[i]) && (i == 0 || strings.IndexByte(marks, text[i]) < 0) {
			return false
		}
	}
	// YAML 1.1 readers take these for true and false.
	if slices.Contains([]string{"y", "n", "yes", "no", "on", "off"}, strings.ToLower(text)) {
		return false
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil || len(n.Content) != 1 {
		return false
	}
	return n.Content[0].Tag == "!!str" && n.Content[0].Value == text
}
