package lattice

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

func timeText(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func rotationFields(r *Rotation) []field {
	fields := []field{
		{"phase", string(r.Phase)},
		{"started", timeText(r.Started)},
		{"entered", timeText(r.Entered)},
		{"generation", strconv.FormatUint(r.Generation, 10)},
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"switched", r.Switched}, {"aborted", r.Aborted}, {"emergency", r.Emergency}} {
		if flag.set {
			fields = append(fields, field{flag.name, strconv.FormatBool(true)})
		}
	}
	return fields
}

// fieldList is a list in a mapping.
type fieldList struct {
	name  string
	items [][]field
}

// listsOf are the lists of a rotation; those that are empty go unsaid.
func listsOf(r *Rotation) []fieldList {
	lists := []fieldList{
		{"keys", itemsOf(r.Keys, successionFields)},
		{"retired", itemsOf(r.Retired, issuerFields)},
		{"observed", observationItems(r.Observed)},
	}
	return slices.DeleteFunc(lists, func(l fieldList) bool { return len(l.items) == 0 })
}

func itemsOf[T any](items []T, render func(T) []field) [][]field {
	all := make([][]field, len(items))
	for i, it := range items {
		all[i] = render(it)
	}
	return all
}

func successionFields(s Succession) []field {
	fields := []field{{"old", scalarText(s.Old)}, {"new", scalarText(s.New)}}
	if s.Host != "" {
		fields = append(fields, field{"host", scalarText(s.Host)})
	}
	return fields
}

// observationItems says whom a host accepts once; others that accept the same
// refer to it.
func observationItems(all []Observation) [][]field {
	items := make([][]field, len(all))
	var first []Observation // of each list
	for i, o := range all {
		accepts := quotedList(o.Accepts.String())
		same := slices.IndexFunc(first, func(f Observation) bool { return slices.Equal(f.Accepts, o.Accepts) })
		switch {
		case len(o.Accepts) == 0:
		case same >= 0:
			accepts = asHost + first[same].Host
		default:
			first = append(first, o)
		}
		items[i] = observationFields(o, accepts)
	}
	return items
}

func observationFields(o Observation, accepts string) []field {
	return []field{
		{"host", scalarText(o.Host)},
		{"signs", orEmpty(o.Signs.String())},
		{"accepts", accepts},
		{"generation", strconv.FormatUint(o.Generation, 10)},
		{"evidence", string(o.Evidence)},
		{"at", timeText(o.At)},
	}
}

func orEmpty(text string) string {
	if text == "" {
		return `""`
	}
	return text
}

// quotedList quotes what holds a comma, which would end it in flow style.
func quotedList(text string) string {
	if text == "" || strings.Contains(text, ",") {
		return doubleQuoted(text)
	}
	return text
}

// insertRotation adds the rotation block at the end of the root.
func (e *editor) insertRotation(fields []field, lists []fieldList) {
	if isFlow(e.root) {
		texts := flowFields(fields)
		for _, l := range lists {
			texts = append(texts, l.name+": ["+flowItems(l.items)+"]")
		}
		e.appendFlow(e.root, 2, rotationField+": {"+strings.Join(texts, ", ")+"}")
		return
	}
	indent := e.root.Column - 1
	lead := strings.Repeat(" ", indent)
	lines := []string{lead + rotationField + ":"}
	for _, f := range fields {
		lines = append(lines, lead+"  "+f.String())
	}
	for _, l := range lists {
		lines = append(lines, lead+"  "+l.name+":")
		for _, it := range l.items {
			lines = append(lines, blockItem(it, indent+4, " ")...)
		}
	}
	e.insertLines(e.lastLine(e.end(e.root), indent), lines)
}
