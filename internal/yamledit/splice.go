package yamledit

import "slices"

// splice replaces text[from:to].
type splice struct {
	from, to int
	text     string
}

func (e *editor) replace(from, to int, text string) {
	e.splices = append(e.splices, splice{from, to, text})
}

func (e *editor) insert(at int, text string) { e.replace(at, at, text) }

func (e *editor) remove(from, to int) { e.replace(from, to, "") }

// apply gives the spliced text. Splices at one place go in the order they came;
// what is removed twice is removed once.
func (e *editor) apply() []byte {
	slices.SortStableFunc(e.splices, func(a, b splice) int { return a.from - b.from })
	size := len(e.text)
	for _, s := range e.splices {
		size += len(s.text)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, s := range e.splices {
		out = append(out, e.text[at:max(at, s.from)]...)
		out = append(out, s.text...)
		at = max(at, s.to)
	}
	out = append(out, e.text[at:]...)
	if lineEnding(e.text) == "" { // the text ends without a line end, and still shall
		out = out[:len(out)-len(lineEnding(out))]
	}
	return out
}
