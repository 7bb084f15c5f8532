package envcmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/terminal"
)

// writtenDocument is one env file as JSON output gives it.
type writtenDocument struct {
	Host    string           `json:"host"`
	File    string           `json:"file"`
	Changed bool             `json:"changed"`
	Changes []changeDocument `json:"changes,omitempty"`
}

// changeDocument is how one variable changes; a seed appears as its public key.
type changeDocument struct {
	Variable string `json:"variable"`
	Old      string `json:"old,omitempty"`
	New      string `json:"new,omitempty"`
}

// showWritten prints what became of the files, or would.
func (a verbs) showWritten(report env.Report, changes map[string][]envfile.Change, o writeOptions) error {
	written := make([]writtenDocument, len(report.Files))
	for i, f := range report.Files {
		written[i] = writtenDocument{Host: f.Host, File: f.Path, Changed: f.Changed}
		for _, c := range changes[f.Path] {
			written[i].Changes = append(written[i].Changes, changeDocument{c.Name, c.Old, c.New})
		}
	}
	rehearsed := o.rehearses()
	doc := struct {
		Written bool              `json:"written"`
		Files   []writtenDocument `json:"files"`
		Stale   []string          `json:"stale"`
		Removed bool              `json:"stale_removed"`
	}{!rehearsed, written, append([]string{}, report.Stale...), o.prune && !rehearsed}
	show := a.ShowDone
	if rehearsed {
		show = a.Show
	}
	err := show(doc, func(w io.Writer) {
		var rows [][]string
		for _, f := range written {
			if f.Changed || !o.check && !o.diff {
				rows = append(rows, []string{f.File, f.state(rehearsed), a.changesText(f.Changes)})
			}
		}
		rows, _ = terminal.Fold(rows, app.MostRows)
		for _, row := range rows {
			fmt.Fprintf(w, "%s %s\n%s", row[0], row[1], row[2])
		}
		for _, path := range report.Stale {
			fmt.Fprintf(w, "%s %s\n", path, staleState(o.prune, rehearsed))
		}
	})
	switch {
	case err != nil || len(report.Stale) == 0 || o.prune:
	case o.dir != "":
		a.Say("latch env write --prune --dir %s removes the stale files.", app.Word(o.dir))
	default:
		a.Say("latch env write --prune removes the stale files.")
	}
	return err
}

func (d writtenDocument) state(rehearsed bool) string {
	switch {
	case !d.Changed:
		return "unchanged"
	case rehearsed:
		return "would be written"
	}
	return "written"
}

func staleState(prune, rehearsed bool) string {
	switch {
	case prune && rehearsed:
		return "would be removed"
	case prune:
		return "removed"
	}
	return "stale"
}

// changesText is a host's changes; of lists only the entries that come or go.
func (a verbs) changesText(changes []changeDocument) string {
	p, w := a.OutPalette(), &strings.Builder{}
	for _, c := range changes {
		fmt.Fprintf(w, "  %s\n", c.Variable)
		gone, come := entriesOf(c.Old), entriesOf(c.New)
		for _, value := range gone {
			if !slices.Contains(come, value) {
				fmt.Fprintln(w, "   ", p.Red("- "+value))
			}
		}
		for _, value := range come {
			if !slices.Contains(gone, value) {
				fmt.Fprintln(w, "   ", p.Green("+ "+value))
			}
		}
	}
	return w.String()
}

func entriesOf(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}
