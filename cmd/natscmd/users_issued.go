package natscmd

import (
	"fmt"
	"io"
	"time"

	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// issuedDocument is what was issued, as JSON output gives it.
type issuedDocument struct {
	Manifest   string           `json:"manifest"`
	Lattice    string           `json:"lattice"`
	Generation uint64           `json:"generation"`
	DryRun     bool             `json:"dry_run"`
	Account    keys.PublicKey   `json:"account"`
	AccountJWT string           `json:"account_jwt,omitempty"`
	Signer     string           `json:"signer"`
	Made       bool             `json:"account_made"`
	Issued     []issuedUserJSON `json:"issued"`
	Kept       int              `json:"kept"`
}

type issuedUserJSON struct {
	Host      string         `json:"host"`
	For       string         `json:"for"`
	PublicKey keys.PublicKey `json:"public_key"`
	Name      string         `json:"name"`
	Expires   time.Time      `json:"expires"`
	Why       users.Need     `json:"reason"`
}

func (a verbs) showIssued(run *issuing, o issueOptions) error {
	m := run.file.Manifest()
	doc := issuedDocument{
		Manifest: run.file.Path(), Lattice: m.Lattice, Generation: m.Generation, DryRun: o.dryRun, Account: run.settings.Account,
		AccountJWT: run.settings.AccountJWT, Signer: run.settings.Signer, Made: run.made, Issued: []issuedUserJSON{}, Kept: run.kept,
	}
	for _, one := range run.issued {
		why := one.Need
		if why == users.UpToDate {
			why = "renewed"
		}
		doc.Issued = append(doc.Issued, issuedUserJSON{one.Host, one.For.String(), one.Seed.PublicKey(), one.Name, one.Expires, why})
	}
	text := func(w io.Writer) { a.printIssued(w, run) }
	if o.dryRun {
		return a.Show(doc, text)
	}
	if err := a.ShowDone(doc, text); err != nil {
		return err
	}
	a.sayAfterIssue(run, o)
	return nil
}

func (a verbs) printIssued(w io.Writer, run *issuing) {
	if run.made {
		fmt.Fprintf(w, "account %s, signed with %s\n", run.settings.Account, run.settings.Operator)
	}
	var rows [][]string
	for _, one := range run.issued {
		rows = append(rows, []string{one.Host, one.For.String(), one.Name, one.Expires.Format(time.DateOnly), one.Need.String()})
	}
	if len(rows) > 0 {
		terminal.Table(w, a.Width(), []string{"HOST", "FOR", "USER", "UNTIL", "WHY"}, rows)
		return
	}
	fmt.Fprintf(w, "nothing to issue: %d user%s up to date\n", run.kept, map[bool]string{true: " is", false: "s are"}[run.kept == 1])
}

// sayAfterIssue says what comes next, and what becomes of hosts that miss it.
func (a verbs) sayAfterIssue(run *issuing, o issueOptions) {
	if run.made && !o.push {
		a.Say("The servers do not know the account yet: give %s to their resolver, or run latch nats users issue --push as a user of the system account.", run.settings.AccountJWT)
	}
	if len(run.issued) == 0 {
		return
	}
	a.Say("Next: latch env write, and restart the hosts. Their former users are let in until they expire or are revoked.")
	published.SayHowToShare(a.App, run.file)
	told := map[wasmcloud.Target]bool{}
	for _, one := range run.issued {
		if !told[one.Target] {
			told[one.Target] = true
			a.Say("When the user of a host of the target %s expires, after %s: %s.", one.Target, lattice.FormatSpan(run.settings.Expires), one.Target.AtExpiry())
		}
	}
}
