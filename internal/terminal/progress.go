package terminal

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long work may take before its progress is shown.
const patience = time.Second

// Progress shows on stderr how far a long piece of work is: on a terminal only,
// and only once it has taken longer than patience.
type Progress struct {
	out   io.Writer // nil where nothing is shown
	now   func() time.Time
	what  string
	unit  string // of what is counted, in the plural
	total int64  // -1 where it is not known
	done  int64
	start time.Time
	bar   *progressbar.ProgressBar
}

// NewProgress shows how far the work has come on out; a nil out shows nothing.
func NewProgress(out io.Writer, now func() time.Time, what string, total int64, unit string) *Progress {
	return &Progress{out: out, now: now, what: what, unit: unit, total: total, start: now()}
}

// Add counts n more pieces as done.
func (p *Progress) Add(n int64) {
	p.done += n
	if p.bar == nil && p.due() {
		p.bar = p.open()
		n = p.done
	}
	if p.bar != nil {
		_ = p.bar.Add64(n) // a terminal that cannot be written to is not worth failing for
	}
}

// Describe says what is being done now.
func (p *Progress) Describe(what string) {
	p.what = what
	if p.bar != nil {
		p.bar.Describe(what)
	}
}

func (p *Progress) due() bool { return p.out != nil && p.now().Sub(p.start) >= patience }

func (p *Progress) open() *progressbar.ProgressBar {
	return progressbar.NewOptions64(p.total,
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetDescription(p.what),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString(p.unit),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionEnableColorCodes(false),
	)
}

// Close takes the bar away.
func (p *Progress) Close() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
