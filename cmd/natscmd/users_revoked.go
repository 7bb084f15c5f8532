package natscmd

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials/accounts"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/terminal"
)

// revokedDocument is what was revoked, as JSON output gives it.
type revokedDocument struct {
	Manifest   string            `json:"manifest"`
	Lattice    string            `json:"lattice"`
	DryRun     bool              `json:"dry_run"`
	Revoked    []revokedUserJSON `json:"revoked"`
	AccountJWT string            `json:"account_jwt,omitempty"`
	Pushed     bool              `json:"pushed"`
	Proved     bool              `json:"proved"`
	Took       []string          `json:"servers,omitempty"`
	Later      []string          `json:"later,omitempty"`
	Silent     []string          `json:"silent,omitempty"`
	Stale      []string          `json:"stale,omitempty"`
	Tried      []triedJSON       `json:"tried,omitempty"`
	Untried    []string          `json:"untried,omitempty"`
}

type revokedUserJSON struct {
	Host      string         `json:"host"`
	For       string         `json:"for"`
	PublicKey keys.PublicKey `json:"public_key"`
	At        time.Time      `json:"at"`
	Expires   *time.Time     `json:"expires,omitempty"`
}

type triedJSON struct {
	Host   string `json:"host"`
	For    string `json:"for"`
	Server string `json:"server"`
	LetIn  bool   `json:"let_in"`
	Wanted bool   `json:"wanted"`
	Error  string `json:"error,omitempty"`
}

func (a verbs) showRevoked(run *revoking, o revokeOptions) error {
	doc := revokedDocument{
		Manifest: run.file.Path(), Lattice: run.file.Manifest().Lattice, DryRun: o.dryRun, Revoked: []revokedUserJSON{},
		Pushed: o.push && !o.dryRun, Took: run.pushed.Took, Later: run.pushed.Later, Silent: run.pushed.Silent, Stale: run.stale, Untried: run.proof.untried,
	}
	doc.Proved = doc.Pushed && run.proved()
	for i, r := range run.fresh {
		row := revokedUserJSON{r.Host, r.For.String(), r.PublicKey, r.At, nil}
		if !r.Expires.IsZero() {
			row.Expires = &run.fresh[i].Expires
		}
		doc.Revoked = append(doc.Revoked, row)
	}
	doc.Tried = append(triedRows(run.proof.revoked, false), triedRows(run.proof.others, true)...)
	if !o.push && !o.dryRun {
		doc.AccountJWT = run.account.After.JWT()
	}
	text := func(w io.Writer) { a.printRevoked(w, run, o, doc) }
	if o.dryRun {
		return a.Show(doc, text)
	}
	return a.ShowDone(doc, text)
}

func triedRows(all []tried, wanted bool) []triedJSON {
	var rows []triedJSON
	for _, t := range all {
		for _, admission := range t.admissions {
			row := triedJSON{t.host, t.purpose, admission.URL, admission.In, wanted, ""}
			if admission.Err != nil {
				row.Error = admission.Err.Error()
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// printRevoked prints the account JWT alone where it is not pushed: for nsc, or for
// whatever the servers' resolver reads.
func (a verbs) printRevoked(w io.Writer, run *revoking, o revokeOptions, doc revokedDocument) {
	if doc.AccountJWT != "" {
		fmt.Fprintln(w, doc.AccountJWT)
		return
	}
	for _, r := range doc.Revoked {
		fmt.Fprintf(w, "%s %s %s %s\n", map[bool]string{true: "would revoke", false: "revoked"}[o.dryRun], r.Host, r.For, r.PublicKey)
	}
	if !o.push || o.dryRun {
		return
	}
	fmt.Fprintln(w, run.pushed)
	rows := make([][]string, 0, len(run.proof.revoked)+len(run.proof.others))
	for _, t := range run.proof.revoked {
		rows = append(rows, []string{t.host, t.purpose, "revoked", admitted(t.admissions)})
	}
	for _, t := range run.proof.others {
		rows = append(rows, []string{t.host, t.purpose, "goes on", admitted(t.admissions)})
	}
	if len(rows) > 0 {
		terminal.Table(w, a.Width(), []string{"HOST", "FOR", "USER", "LET IN BY"}, rows)
	}
}

// admitted says how many of the servers let a user in.
func admitted(all []accounts.Admission) string {
	in, unknown := 0, []string{}
	for _, one := range all {
		switch {
		case one.Err != nil:
			unknown = append(unknown, one.URL)
		case one.In:
			in++
		}
	}
	text := fmt.Sprintf("%d of %d servers", in, len(all))
	if len(unknown) > 0 {
		text += ", not known of " + strings.Join(unknown, ", ")
	}
	return text
}

// sayAfterRevoke says what else was found, and what comes next.
func (a verbs) sayAfterRevoke(run *revoking, o revokeOptions) {
	for _, lost := range run.account.Lost {
		a.Warn("the servers had lost the revocation of %s %s (%s): somebody has pushed an account of %s; it is back", lost.Host, lost.For, lost.PublicKey,
			run.account.Before.Issued().Format(time.RFC3339))
	}
	if run.account.Fill >= users.NearlyFull {
		a.Warn("the account JWT fills %d %% of the servers' greatest message: soon no revocation fits", run.account.Fill)
	}
	for _, why := range run.proof.untried {
		a.Warn("not tried by a connection: %s", why)
	}
	if run.unseen() {
		a.Warn("%s may have an old copy of the account, and let the revoked user in: run the command again when a user of the account has connected there",
			strings.Join(run.pushed.Later, ", "))
	}
	if len(run.stale) > 0 {
		a.Warn("servers that use an account without the revocation: %s", strings.Join(run.stale, ", "))
	}
	if run.keptStale > 0 {
		a.Warn("%d of the servers keep an account without the revocation for their next start", run.keptStale)
	}
	switch {
	case !o.push:
		a.Say("No server knows of it yet: give this account JWT to them, or run the command again with --push.")
	case !run.pushed.Kept:
		a.Warn("the servers keep accounts in memory: put the account JWT into their resolver_preload too, else the revocation is gone after their next start")
	}
	a.Say("latch nats users issue gives the hosts that are to go on new users, with new keys.")
	published.SayHowToShare(a.App, run.next)
}
