package app

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// severalLattices marks a command for which several manifests can be named.
const severalLattices = "latch/several-lattices"

// SeveralLattices lets several manifests be named for a command, which asks Manifests
// for them.
func (a *App) SeveralLattices(c *cobra.Command) {
	annotate(c, severalLattices, "yes")
	c.Flags().BoolVar(&a.flags.all, "all", false, "all manifests in the working directory and below")
}

// PerLattice lets several manifests be named for a command that is about one: it runs
// for each of them, and what it gives is put together, also where a folder holds one,
// so that a second one changes no form. Arguments, and the flags that are named, are of
// one lattice, and refused where there are several.
func (a *App) PerLattice(c *cobra.Command, ofOne ...string) *cobra.Command {
	a.SeveralLattices(c)
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		paths, several, err := a.Manifests()
		switch {
		case err != nil:
			return err
		case !several:
			return run(c, args)
		}
		err = ofOneLattice(c, args, ofOne)
		if err != nil && len(paths) == 1 {
			a.manifest = paths[0]
			return run(c, args)
		}
		if err != nil {
			return err
		}
		a.several = true
		return a.forEach(c, paths, func() error { return run(c, args) })
	}
	return c
}

// ofOneLattice refuses what is of one lattice.
func ofOneLattice(c *cobra.Command, args, flags []string) error {
	if len(args) > 0 {
		return UsageIn(c, "%s takes no arguments where several manifests may be named", c.CommandPath())
	}
	for _, name := range flags {
		if c.Flags().Changed(name) {
			return UsageIn(c, "--%s is about one lattice, and several manifests may be named", name)
		}
	}
	return nil
}

// latticeResult is what a command gave for one of several lattices.
type latticeResult struct {
	Manifest string        `json:"manifest"`
	Lattice  string        `json:"lattice"` // empty where the manifest cannot be read
	Exit     int           `json:"exit_code"`
	Result   any           `json:"output"` // null where the command gave none
	Error    *errorDetails `json:"error,omitempty"`

	hosts int
	did   bool // it has changed something
}

// severalDocument is what a command gave for several lattices.
type severalDocument struct {
	OK       bool            `json:"ok"`
	Lattices []latticeResult `json:"per_lattice"`
}

// forEach runs a command for each manifest, however the others end, and ends with
// the worst exit code. Where nobody reads what is printed, what changes something is
// done all the same, and what only tells something ends.
func (a *App) forEach(c *cobra.Command, paths []string, run func() error) error {
	results := make([]latticeResult, 0, len(paths))
	var unread error
	for i, path := range paths {
		result, err := a.forOne(path, i == 0, run)
		if isReaderGone(err) || c.Context().Err() != nil {
			return err
		}
		var lost *unprintedError
		if errors.As(err, &lost) {
			unread = lost.cause
		}
		results = append(results, result)
	}
	if unread == nil {
		unread = a.showResults(results)
	}
	if unread != nil {
		return resultsUnprinted(c, results, unread)
	}
	if code := worst(results); code != 0 {
		return ExitWith(code)
	}
	return nil
}

// resultsUnprinted is the error of a stdout that failed, with what was done for which
// of the lattices, if anything was.
func resultsUnprinted(c *cobra.Command, results []latticeResult, cause error) error {
	var done, left, again []string
	for _, r := range results {
		if r.did {
			done = append(done, r.Manifest)
		} else {
			left = append(left, r.Manifest)
			again = append(again, "-m "+Word(r.Manifest))
		}
	}
	if len(done) == 0 {
		return cause
	}
	message, hint := "it was done for "+few(done), "do not run the command again"
	if len(left) > 0 {
		message += ", and not for " + strings.Join(left, ", ")
		hint = "what is left: " + c.CommandPath() + " " + strings.Join(again, " ")
	}
	return fault.New(fault.Failed, "%s; that could not be printed", message).Because(cause).WithHint("%s", hint).
		WithDetail(doneDocument{len(left) == 0, severalDocument{worst(results) == 0, results}})
}

// forOne runs a command for one of several manifests.
func (a *App) forOne(path string, first bool, run func() error) (latticeResult, error) {
	a.manifest, a.read, a.gathered, a.did = path, nil, nil, false // what was read is of another lattice
	a.gathers = a.Form() != settings.Text
	defer func() { a.gathers = false }()
	result := latticeResult{Manifest: path}
	if doc, err := a.Manifest(); err == nil {
		result.Lattice, result.hosts = doc.Manifest().Lattice, len(doc.Manifest().Hosts)
	}
	a.showHeading(result, first)
	err := run()
	result.Result, result.did = a.gathered, a.did
	var ended *exitError
	var lost *unprintedError
	switch {
	case err == nil, isReaderGone(err), errors.As(err, &lost):
	case errors.As(err, &ended):
		result.Exit = ended.code
	default:
		result.Exit = fault.KindOf(err).ExitCode()
		result.Error = a.detailsOf(err)
		if !a.gathers {
			a.printError(err)
		}
	}
	return result, err
}

// showHeading tells people which lattice what follows is of. Where it cannot be
// printed, neither can what follows.
func (a *App) showHeading(r latticeResult, first bool) {
	if a.gathers {
		return
	}
	heading := r.Manifest + ":"
	if r.Lattice != "" {
		heading = r.Lattice + " (" + r.Manifest + "):"
	}
	_ = a.Show(nil, func(w io.Writer) {
		if !first {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, a.OutPalette().Cyan(heading))
	})
}

// worst is the exit code of all: what failed weighs more than what was refused, that
// more than what was not there, and all of them more than the answer no.
func worst(results []latticeResult) int {
	order := []int{0, fault.No.ExitCode(), fault.NotFound.ExitCode(), fault.Refused.ExitCode(), fault.Failed.ExitCode(), fault.Usage.ExitCode()}
	code := 0
	for _, r := range results {
		if slices.Index(order, r.Exit) > slices.Index(order, code) {
			code = r.Exit
		}
	}
	return code
}

// showResults gives all that was gathered as one document; people, who have seen the
// rest, a line for each lattice.
func (a *App) showResults(results []latticeResult) error {
	var doc any = severalDocument{worst(results) == 0, results}
	if a.Form() == settings.SARIF {
		var logs []any
		for _, r := range results {
			logs = append(logs, r.Result)
		}
		doc = report.JoinSARIF(a.Sys.Release(), logs)
		for _, r := range results {
			if r.Error != nil {
				a.Warn("%s: %s", r.Manifest, r.Error.Message)
			}
		}
	}
	return a.Show(doc, func(w io.Writer) {
		p := a.OutPalette()
		hosts, good := 0, 0
		rows := make([][]string, len(results))
		for i, r := range results {
			state := p.Green("✓")
			if r.Exit != 0 {
				state = p.Red("✗ exit code " + strconv.Itoa(r.Exit))
			} else {
				good++
			}
			hosts += r.hosts
			rows[i] = []string{r.Lattice, r.Manifest, strconv.Itoa(r.hosts), state}
		}
		fmt.Fprintln(w)
		terminal.Table(w, a.Width(), []string{"LATTICE", "MANIFEST", "HOSTS", ""}, rows)
		fmt.Fprintf(w, "%d of %d lattice%s ok, %d host%s\n", good, len(results), Plural(len(results)), hosts, Plural(hosts))
	})
}

// IsOneOfSeveral reports whether the command runs for one of several lattices.
func (a *App) IsOneOfSeveral() bool { return a.several }
