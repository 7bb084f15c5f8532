package latticecmd

import (
	"context"
	"io"
	"time"

	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// watch looks until it is interrupted: on a terminal it draws the screen anew, else
// it prints a line of JSON whenever something has changed.
func (l look) watch(ctx context.Context) error {
	end, err := l.connectInTime(ctx)
	if err != nil {
		return err
	}
	defer end()
	screen := l.Sys.Terminal.Stdout && l.Form() == settings.Text
	last := ""
	for {
		s, err := l.asker.Look(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s = l.expected(s)
		doc := l.describe(s)
		switch {
		case err != nil:
			l.Warn("%v", err)
		case screen:
			terminal.Clear(l.Sys.Stdout)
			if err := l.Show(doc, func(w io.Writer) { l.print(w, doc, s) }); err != nil {
				return err
			}
			for _, remark := range live.Remarks(s.Answers) {
				l.Warn("%s", remark)
			}
		default:
			for i := range doc.Hosts {
				doc.Hosts[i].Uptime = 0 // it changes all the time
			}
			if last, err = l.ShowChange(doc, last); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(l.o.every):
		}
	}
}
