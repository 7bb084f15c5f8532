package issuerscmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

func newRotate(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Put new keys in the place of old ones without a refused call",
		Long: `Replaces cluster keys in three deploys, so that whichever hosts have restarted,
every host accepts every other:

  introduce  every host accepts the new keys too
  switch     every host signs with its new key
  retire     no host accepts the old keys any more

Each phase begins only when the last one is known to be on every host.`,
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
	Next       string               `json:"next"`
}

type successionDocument struct {
	Old  string `json:"old"`
	New  string `json:"new"`
	Host string `json:"host,omitempty"`
}

const phaseSteady = "steady"

func phaseOf(m lattice.Manifest) string {
	if m.Rotation == nil {
		return phaseSteady
	}
	return string(m.Rotation.Phase)
}

func describeSuccessions(m lattice.Manifest) []successionDocument {
	docs := []successionDocument{}
	if m.Rotation != nil {
		for _, s := range m.Rotation.Keys {
			docs = append(docs, successionDocument{s.Old, s.New, s.Host})
		}
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

// describeStep compares the manifest before and after a step.
func describeStep(before, after *lattice.Document) stepDocument {
	b, m := before.Manifest(), after.Manifest()
	doc := stepDocument{
		Manifest: after.Path(), Lattice: m.Lattice, Generation: m.Generation,
		From: phaseOf(b), Phase: phaseOf(m), Keys: describeSuccessions(m),
		Fresh: []string{}, Deploy: []string{}, Holders: []holderDocument{}, Deletable: []string{},
		Next: nextCommand(m),
	}
	doc.Changed = doc.From != doc.Phase || b.Generation != m.Generation
	if m.Rotation == nil {
		doc.Keys = describeSuccessions(b)
	}
	told := b.Standings()
	for i, s := range m.Standings() {
		if i >= len(told) || !s.Same(told[i]) {
			doc.Deploy = append(doc.Deploy, s.Host)
		}
	}
	return doc
}

func nextCommand(m lattice.Manifest) string {
	if m.Rotation == nil {
		return "latch issuers rotate start"
	}
	return "latch issuers rotate next"
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
func (a verbs) showStep(doc stepDocument) error {
	err := a.Show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "%sphase %s (was %s), generation %d\n", dry(doc.DryRun), doc.Phase, doc.From, doc.Generation)
		for _, s := range doc.Keys {
			fmt.Fprintf(w, "  %s\n", s)
		}
		for i, r := range doc.Refused {
			fmt.Fprintf(w, "restart %d: %s (after it, %d of %d calls between two hosts are refused)\n",
				i+1, r.Host, r.Refused, len(doc.Refused)*(len(doc.Refused)-1))
		}
		for _, h := range doc.Holders {
			fmt.Fprintf(w, "held elsewhere: %s holds the seed of %s (%s)\n", h.Path, h.Name, h.PublicKey)
		}
		for _, name := range doc.Deletable {
			fmt.Fprintf(w, "no longer needed: latch keys delete %s\n", name)
		}
	})
	if err != nil || doc.DryRun {
		return err
	}
	a.sayDeploy(doc)
	return nil
}

func (a verbs) sayDeploy(doc stepDocument) {
	if len(doc.Deploy) > 0 {
		order := "in any order"
		if len(doc.Refused) > 0 {
			order = "in the order above"
		}
		a.Say("Now: latch env write, bring every file to its host, and restart %s, %s.", strings.Join(doc.Deploy, ", "), order)
		a.Say("Providers hold the seed until they are restarted: restart them with their host.")
	}
	if len(doc.Holders) > 0 {
		a.Say("Give the other holders a key that the hosts accept: they are refused wherever the old one is retired.")
	}
	if doc.Kept != "" {
		a.Say("%s", doc.Kept)
	}
	if doc.Phase != phaseSteady {
		a.Say("Then: %s", doc.Next)
	}
}
