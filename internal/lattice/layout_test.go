package lattice

import (
	"fmt"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

const byteOrderMark = "\ufeff"

// fieldLines are the fields of a record as a new document has them, by lines.
func fieldLines(m yamledit.Map) []string {
	return strings.Split(strings.TrimSuffix(yamledit.Render(m), "\n"), "\n")
}

// blockItem is an element of a block list, by lines.
func blockItem(fields []string, indent int, gap string) []string {
	lines := make([]string, len(fields))
	lead := strings.Repeat(" ", indent) + "-" + gap
	for i, f := range fields {
		lines[i] = lead + f
		lead = strings.Repeat(" ", len(lead))
	}
	return lines
}

// plainScalar is a text as a new document has it.
func plainScalar(text string) string {
	line := fieldLines(yamledit.Map{Fields: []yamledit.Entry{{Name: "a", Value: yamledit.Text(text)}}})[0]
	return strings.TrimPrefix(line, "a: ")
}

// layout writes manifests in every style a person might, with comments anywhere
// a comment may stand. Those right above an item and as far in are called "own":
// they stay as long as it does. Others on a line of their own, at the depth of a
// list's dash or less, are numbered "keep": no edit may touch them.
type layout struct {
	t       *rapid.T
	comment int
}

func (l *layout) coin(label string) bool { return rapid.Bool().Draw(l.t, label) }

func (l *layout) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(l.t, label)
}

// aside is a comment at the end of a line, or none.
func (l *layout) aside() string {
	return l.pick("aside", "", "", " # é, ]} - x: y", "   #")
}

// between is what may stand between two lines, indented by so many blanks.
func (l *layout) between(indent int) string {
	switch l.pick("between", "", "", "", "blank", "keep") {
	case "blank":
		return "\n"
	case "keep":
		l.comment++
		return fmt.Sprintf("%s# keep %d: [{- ü\n", strings.Repeat(" ", rapid.IntRange(0, indent).Draw(l.t, "less")), l.comment)
	}
	return ""
}

// above is what may stand above an item that is indented by so many blanks.
func (l *layout) above(list, item string, indent int) string {
	if l.pick("above", "", "", "own") == "own" {
		return fmt.Sprintf("%s# own %s %s\n", strings.Repeat(" ", indent), list, item)
	}
	if between := l.between(indent); !strings.HasPrefix(between, strings.Repeat(" ", indent)+"#") {
		return between
	}
	return ""
}

// scalar writes a text in a style of its own.
func (l *layout) scalar(text string) string {
	switch l.pick("quotes", "plain", "plain", "single", "double") {
	case "single":
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case "double":
		return strconv.Quote(text)
	}
	return plainScalar(text)
}

func (l *layout) manifest(m Manifest) string {
	parts := []string{
		"version: 1" + l.aside() + "\n",
		"lattice: " + l.scalar(m.Lattice) + l.aside() + "\n",
		"target:  " + l.scalar(m.Target.String()) + l.aside() + "\n",
		l.list("issuers", len(m.Issuers), func(i int) []string { return fieldLines(issuerItems().record.write(m.Issuers[i])) }),
		l.list("hosts", len(m.Hosts), func(i int) []string { return fieldLines(hostRecord(nil).write(m.Hosts[i])) }),
	}
	if m.NATS != (NATS{}) {
		for _, line := range fieldLines(yamledit.Map{Fields: []yamledit.Entry{{Name: "nats", Value: natsRecord().write(m.NATS)}}}) {
			parts = append(parts, line+l.aside()+"\n")
		}
	}
	if m.Generation > 0 {
		parts = append(parts, fmt.Sprintf("generation: %d%s\n", m.Generation, l.aside()))
	}
	text := l.pick("start", "", "", "---\n")
	for _, part := range rapid.Permutation(parts).Draw(l.t, "order") {
		text += l.between(0) + part
	}
	text += l.between(0) + l.pick("end", "", "", "...\n# end\n")
	if l.coin("no final newline") {
		text = strings.TrimSuffix(text, "\n")
	}
	if l.coin("CRLF") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return l.pick("mark", "", "", byteOrderMark) + text
}

func (l *layout) list(name string, length int, item func(int) []string) string {
	style := l.pick("style", "block", "block", "inline", "lines")
	if length == 0 && style == "block" {
		style = "inline"
	}
	switch style {
	case "inline":
		var items []string
		for i := range length {
			items = append(items, l.flow(item(i)))
		}
		comma := ""
		if length > 0 {
			comma = l.pick("comma", "", "", ",", " , ")
		}
		return name + l.pick("colon", ": ", ": ", " : ", ":   ") + "[" + strings.Join(items, ", ") + comma + l.pick("close", "]", "]", " ]") + l.aside() + "\n"
	case "lines":
		text := name + ": [" + l.aside() + "\n"
		for i := range length {
			comma := ","
			if i == length-1 {
				comma = l.pick("comma", "", ",")
			}
			text += l.above(name, item(i)[0], 2) + "  " + l.flow(item(i)) + comma + l.aside() + "\n"
		}
		return text + l.between(9) + "]" + l.aside() + "\n"
	}
	return l.block(name, length, item)
}

func (l *layout) flow(fields []string) string {
	return "{" + strings.Join(fields, l.pick("separator", ", ", " , ", ",\n     ", ", # x\n    ")) + l.pick("brace", "}", " }", ", }")
}

func (l *layout) block(name string, length int, item func(int) []string) string {
	indent := rapid.IntRange(0, 4).Draw(l.t, "indent")
	gap := strings.Repeat(" ", rapid.IntRange(1, 3).Draw(l.t, "gap"))
	text := name + ":" + l.aside() + "\n"
	for i := range length {
		text += l.above(name, item(i)[0], indent)
		if l.pick("item", "block", "block", "flow") == "flow" {
			// Flow in block must stand deeper than the list's name.
			text += strings.Repeat(" ", indent) + "-" + gap + l.flow(item(i)) + l.aside() + "\n"
			continue
		}
		lines := blockItem(item(i), indent, gap)
		if l.coin("dash alone") {
			lines[0] = strings.Repeat(" ", indent) + "-" + l.aside() + "\n" + strings.Repeat(" ", indent+1+len(gap)) + strings.TrimLeft(lines[0], " -")
		}
		for j, line := range lines {
			if j > 0 && l.coin("deep") {
				text += strings.Repeat(" ", indent+1) + "# deep\n"
			}
			text += line + l.aside() + "\n"
		}
		if l.coin("deep below") {
			text += strings.Repeat(" ", indent+2) + "# deep\n"
		}
	}
	return text
}

// drawManifest draws a valid manifest.
func drawManifest(t *rapid.T) Manifest {
	name := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,12}`).Filter(func(name string) bool { return keys.CheckName(name) == nil })
	distinct := func(label string, least int) []string {
		return rapid.SliceOfNDistinct(name, least, 4, fold).Draw(t, label)
	}
	m := Manifest{
		Lattice:    rapid.StringMatching(`[A-Za-z0-9_-]{1,12}`).Draw(t, "lattice"),
		Target:     rapid.SampledFrom(wasmcloud.Targets()).Draw(t, "target"),
		Generation: rapid.Uint64Range(0, 12).Draw(t, "generation"),
	}
	for i, name := range distinct("issuers", 1) {
		is := Issuer{Name: name, PublicKey: testKey(uint64(i))}
		if rapid.Bool().Draw(t, "dated") {
			is.Created = testTime
		}
		m.Issuers = append(m.Issuers, is)
	}
	for _, name := range distinct("hosts", 0) {
		h := Host{Name: name, SignsWith: rapid.SampledFrom(m.Issuers).Draw(t, "signs with").Name}
		if rapid.Bool().Draw(t, "own target") {
			h.Target = rapid.SampledFrom(wasmcloud.Targets()).Draw(t, "host's target")
		}
		h.NATS, h.Env = drawNATS(t), drawVariables(t)
		m.Hosts = append(m.Hosts, h)
	}
	m.NATS = drawNATS(t)
	return m
}

// drawNATS draws settings of every kind, as a rule few.
func drawNATS(t *rapid.T) NATS {
	var n NATS
	if rapid.IntRange(0, 2).Draw(t, "settings") > 0 {
		return n
	}
	n.JetStreamDomain = rapid.SampledFrom([]string{"", "hub", "on", "0x1f"}).Draw(t, "domain")
	for _, p := range wasmcloud.Purposes() {
		c := Connection{
			Host: rapid.SampledFrom([]string{"", "nats.example.com", "127.0.0.1", "::1", "12"}).Draw(t, "server"),
			Port: rapid.SampledFrom([]uint16{0, 1, 4222, 65535}).Draw(t, "port"),
			TLS:  rapid.SampledFrom([]Switch{Unset, Off, On}).Draw(t, "tls"),
		}
		switch rapid.IntRange(0, 3).Draw(t, "user") {
		case 1:
			c.JWT, c.Seed = testJWT, "rpc-user"
		case 2:
			c.JWT, c.Seed = "users/rpc.jwt", "null"
		case 3:
			c.Creds = rapid.SampledFrom([]string{"rpc.creds", "a b/c.creds", `C:\creds "é"`, "~/rpc.creds"}).Draw(t, "creds")
		}
		n = n.With(p, c)
	}
	return n
}

func drawVariables(t *rapid.T) []Variable {
	var all []Variable
	for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z_][A-Za-z0-9_]{0,9}`), 0, 2, fold).Draw(t, "variables") {
		if CheckVariable(name) == nil {
			all = append(all, Variable{name, rapid.StringMatching(`[ -~é\n\t]{0,12}`).Draw(t, "value")})
		}
	}
	return all
}
