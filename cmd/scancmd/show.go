package scancmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
)

// mostShown bounds the places that people are shown of one leak.
const mostShown = 5

func (a verbs) show(d document, staged bool) error {
	var doc any = d
	if a.Form() == settings.SARIF {
		doc = report.SARIF(a.Sys.Release(), d.findings(), rules())
	}
	err := a.ShowProse(doc, app.Hang, func(w io.Writer) {
		for _, leak := range d.Leaks {
			a.showLeak(w, leak)
		}
		for _, key := range d.Unused {
			fmt.Fprintf(w, "accepted, and not found: %s\n", key)
		}
		for _, u := range d.Coverage.Unread {
			fmt.Fprintf(w, "%s %s: %s\n", a.OutPalette().Yellow("not read:"), u.Name, u.Why)
		}
		if more := d.Coverage.Missed - len(d.Coverage.Unread); more > 0 {
			fmt.Fprintf(w, "%s %d more\n", a.OutPalette().Yellow("not read:"), more)
		}
		fmt.Fprintln(w, d.read())
	})
	c := d.Coverage
	switch {
	case err != nil:
		return err
	case !d.OK:
		return app.No()
	case c.Missed > 0:
		return fault.New(fault.Unavailable, "no seed was found in what could be read, but %d thing%s could not be read", c.Missed, app.Plural(c.Missed))
	case c.Files+c.Objects == 0 && !staged:
		return fault.New(fault.NotFound, "nothing was looked at").WithHint("name a file or a folder that holds some")
	}
	return nil
}

func (a verbs) showLeak(w io.Writer, l leakDocument) {
	p := a.OutPalette()
	fmt.Fprintf(w, "%s\n", l.PublicKey)
	state := p.Red("leaked")
	switch {
	case l.Accepted != nil:
		state = p.Green("accepted") + " since " + l.Accepted.Since.Format("2006-01-02") + ": " + l.Accepted.Reason
	case l.Published != "":
		state = p.Yellow("published")
	}
	fmt.Fprintf(w, "  %s seed, %s\n  %s\n", l.Kind, state, l.whose())
	if !l.Sound {
		fmt.Fprintln(w, "  in pieces, in small letters, or with a wrong checksum, which hosts take")
	}
	for _, at := range l.Places[:min(mostShown, len(l.Places))] {
		fmt.Fprintf(w, "    %s\n", shown(at))
	}
	if more, listed := l.Count-mostShown, len(l.Places)-mostShown; more > listed {
		fmt.Fprintf(w, "    and %d more; -o json lists %d of them\n", more, listed)
	} else if more > 0 {
		fmt.Fprintf(w, "    and %d more; -o json lists them\n", more)
	}
	if l.Hint != "" {
		fmt.Fprintf(w, "  next: %s\n", l.Hint)
	}
	fmt.Fprintln(w)
}

// read says how much was looked at.
func (d document) read() string {
	c := d.Coverage
	var what []string
	if c.Files > 0 || c.Objects == 0 {
		what = append(what, fmt.Sprintf("%d file%s", c.Files, app.Plural(c.Files)))
	}
	if c.Objects > 0 {
		what = append(what, fmt.Sprintf("%d git object%s", c.Objects, app.Plural(c.Objects)))
	}
	text := fmt.Sprintf("read %s, %d bytes", strings.Join(what, " and "), c.Bytes)
	if c.Ignored > 0 {
		text += fmt.Sprintf("; left out %d that git ignores (--ignored reads them)", c.Ignored)
	}
	if c.Missed > 0 {
		text += fmt.Sprintf("; could not read %d", c.Missed)
	}
	return text
}

const (
	ruleLeaked  finding.Rule = "seed_leaked"
	ruleExcused finding.Rule = "seed_excused"
	ruleUnread  finding.Rule = "not_read"
)

func rules() []finding.RuleText {
	return []finding.RuleText{
		{Rule: ruleLeaked, Text: "a seed stands where it can be read"},
		{Rule: ruleExcused, Text: "a seed stands there that is published or accepted"},
		{Rule: ruleUnread, Text: "something could not be looked at"},
	}
}

// findings are the places, in the form of other checks.
func (d document) findings() []finding.Finding {
	var all []finding.Finding
	for _, leak := range d.Leaks {
		rule, severity := ruleLeaked, finding.Error
		if leak.excused() {
			rule, severity = ruleExcused, finding.Warning
		}
		for _, at := range leak.Places {
			file := at.File
			if file == "" {
				file = at.Object
			}
			all = append(all, finding.Finding{
				File: file, Line: at.Line, Column: at.Column, Severity: severity, Rule: rule, Fingerprint: leak.PublicKey.String(),
				Message: fmt.Sprintf("the %s seed of %s stands here: %s", leak.Kind, leak.PublicKey, leak.whose()), Hint: leak.Hint,
			})
		}
	}
	for _, u := range d.Coverage.Unread {
		all = append(all, finding.Finding{File: u.Name, Severity: finding.Warning, Rule: ruleUnread, Message: u.Why})
	}
	return all
}
