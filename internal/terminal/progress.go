package terminal

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/printable"
)

const (
	// patience is how long work may take before its progress is shown.
	patience = time.Second
	// pace is how often it is shown anew.
	pace = 100 * time.Millisecond
	// barCells is how long the bar is, in columns.
	barCells = 20
)

// Progress shows on stderr how far a long piece of work is: on a terminal only, in
// one line that fits, and only once it has taken longer than patience.
type Progress struct {
	out   io.Writer // nil where nothing is shown
	now   func() time.Time
	width func() int // of the terminal, 0 where it is not known
	what  string
	unit  string // of what is counted, in the plural
	total int64  // -1 where it is not known
	done  int64
	start time.Time
	shown time.Time // zero until it is
}

// NewProgress shows how far the work has come on out; a nil out shows nothing.
func NewProgress(out io.Writer, now func() time.Time, width func() int, what string, total int64, unit string) *Progress {
	return &Progress{out: out, now: now, width: width, what: what, unit: unit, total: total, start: now()}
}

// Add counts n more pieces as done.
func (p *Progress) Add(n int64) {
	p.done += n
	now := p.now()
	if p.out == nil || now.Sub(p.start) < patience || now.Sub(p.shown) < pace {
		return
	}
	p.shown = now
	// A line as wide as the terminal would move the cursor to the next one.
	fmt.Fprint(p.out, "\r", printable.Cut(p.line(now.Sub(p.start), p.width()-1), p.width()-1), "\x1b[K")
}

// Describe says what is being done now.
func (p *Progress) Describe(what string) { p.what = what }

// line is what is shown: the bar only where there is room for it.
func (p *Progress) line(since time.Duration, width int) string {
	rate := float64(p.done) / since.Seconds()
	if p.total < 0 {
		return fmt.Sprintf("%s: %d %s, %.0f a second", p.what, p.done, p.unit, rate)
	}
	text := fmt.Sprintf("%s: %d of %d %s", p.what, p.done, p.total, p.unit)
	if left := p.total - p.done; left > 0 && rate > 0 {
		text += fmt.Sprintf(", %s to go", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	full := int(min(p.done*barCells/max(p.total, 1), barCells))
	bar := "[" + strings.Repeat("#", full) + strings.Repeat(".", barCells-full) + "] "
	if width > 0 && printable.Width(bar+text) > width {
		return text
	}
	return bar + text
}

// Close takes the line away.
func (p *Progress) Close() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
