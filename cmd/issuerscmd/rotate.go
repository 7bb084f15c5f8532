package issuerscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

func newRotate(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Replace keys without a refused call",
		Long: `Replaces cluster keys in three deploys. Whichever hosts have restarted, every host
accepts every other:

  introduce  every host also accepts the new keys
  switch     every host signs with its new key
  retire     no host accepts the old keys any more

A phase begins only once every host is known to have the one before.`,
	}
	app.AsGroup(c)
	c.AddCommand(newRotateStart(a), newRotateNext(a), newRotateStatus(a), newRotateAbort(a), newRotateEmergency(a))
	return c
}

// stepDocument is what a step of a rotation changed, as JSON output gives it.
type stepDocument struct {
	Manifest   string               `json:"manifest"`
	Lattice    string               `json:"lattice"`
	Generation uint64               `json:"generation"`
	DryRun     bool                 `json:"dry_run"`
	Changed    bool                 `json:"changed"`
	From       string               `json:"from"`
	Phase      string               `json:"phase"`
	Keys       []successionDocument `json:"keys"`
	Fresh      []string             `json:"new_keys"`
	Deploy     []string             `json:"deploy"` // hosts whose environment changes
	Refused    []rotation.Restart   `json:"restart_order,omitempty"`
	Holders    []holderDocument     `json:"holders"`
	Deletable  []string             `json:"deletable"` // keys whose seed nothing needs any more
	Kept       string               `json:"kept,omitempty"`
	Denied     []keys.PublicKey     `json:"denied,omitempty"`
	Acts       []rotation.Act       `json:"acts"` // what is to be done now, in order
	Next       string               `json:"next"` // the first command of these; empty where nothing is to be done

	deleteKey func(name string) string
}

type successionDocument struct {
	Old  string `json:"old"`
	New  string `json:"new"`
	Host string `json:"host,omitempty"`
}

func describeSuccessions(successions []lattice.Succession) []successionDocument {
	docs := make([]successionDocument, len(successions))
	for i, s := range successions {
		docs[i] = successionDocument{s.Old, s.New, s.Host}
	}
	return docs
}

func (d successionDocument) String() string {
	text := d.Old + " -> " + d.New
	if d.Host != "" {
		text += " (" + d.Host + ")"
	}
	return text
}

// finishedStep is what a step has changed, or would.
type finishedStep struct {
	before  lattice.Manifest // with what was known of its hosts
	after   *lattice.Document
	fresh   []string
	denied  []keys.PublicKey
	holders []holderDocument
	guide   rotation.Guide
	dryRun  bool
}

func (f finishedStep) describe(s rotation.Step) stepDocument {
	m := f.after.Manifest()
	return stepDocument{
		Manifest: f.after.Path(), Lattice: m.Lattice, Generation: m.Generation, DryRun: f.dryRun,
		Changed: s.Changed, From: s.From, Phase: s.To, Keys: describeSuccessions(s.Keys),
		Fresh: append([]string{}, f.fresh...), Deploy: append([]string{}, s.Deploy...), Refused: s.Restarts,
		Holders: append([]holderDocument{}, f.holders...), Deletable: append([]string{}, s.Deletable...),
		Kept: s.Kept, Denied: f.denied,
		Acts: append([]rotation.Act{}, s.Acts...), Next: rotation.FirstCommand(s.Acts), deleteKey: f.guide.DeleteKey,
	}
}

// saveStep brings the file to what the plan says, with the fresh keys if there
// are any; a rehearsal goes all the way but the last.
func (a verbs) saveStep(ctx context.Context, file *lattice.Document, m lattice.Manifest, fresh app.FreshKeys, dryRun bool) (*lattice.Document, error) {
	updated, err := file.Update(m)
	if err != nil || dryRun || updated == file {
		return updated, err
	}
	return updated, a.SaveWithKeys(ctx, updated, fresh)
}

// showStep says what changed and what to do about it.
func (a verbs) showStep(f finishedStep) error {
	step := rotation.StepBetween(f.before, f.after.Manifest(), f.guide)
	doc := f.describe(step)
	err := a.shower(doc.Changed && !doc.DryRun)(doc, func(w io.Writer) { a.Prose(w, app.Hang, doc.print) })
	if err != nil || doc.DryRun {
		return err
	}
	for _, sentence := range step.Instructions(len(doc.Holders) > 0) {
		a.Say("%s", sentence)
	}
	if due := len(f.after.Manifest().UsersDue(a.Sys.Now())); due > 0 && len(doc.Deploy) > 0 {
		a.Say("NATS users that expire soon: %d. Renew them first, and this deploy brings both: latch nats users issue.", due)
	}
	if doc.Changed {
		published.SayHowToShare(a.App, f.after)
	}
	return nil
}

// mostRows is how many rows of one kind people are shown; JSON output has all.
const mostRows = 20

func (d stepDocument) print(w io.Writer) {
	fmt.Fprintf(w, "%sphase %s (was %s), generation %d\n", dry(d.DryRun), d.Phase, d.From, d.Generation)
	printFew(w, d.Keys, "keys", func(_ int, s successionDocument) string { return "  " + s.String() })
	printFew(w, d.Refused, "restarts", func(i int, r rotation.Restart) string {
		return fmt.Sprintf("restart %d: %s (after it, %d of %d calls between two hosts are refused)",
			i+1, r.Host, r.Refused, len(d.Refused)*(len(d.Refused)-1))
	})
	printFew(w, d.Holders, "files", func(_ int, h holderDocument) string {
		return fmt.Sprintf("also held by: %s has the seed of %s (%s)", h.File, h.Name, h.PublicKey)
	})
	printFew(w, d.Deletable, "keys", func(_ int, name string) string { return "no longer needed: " + d.deleteKey(name) })
}

// printFew prints the first rows, and how many more there are.
func printFew[T any](w io.Writer, rows []T, what string, text func(i int, row T) string) {
	for i, row := range rows {
		if i == mostRows {
			fmt.Fprintf(w, "  and %d more %s: -o json lists them all\n", len(rows)-i, what)
			return
		}
		fmt.Fprintln(w, text(i, row))
	}
}
