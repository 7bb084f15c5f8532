package natscmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// userDocument is a user and its permissions as JSON output gives them.
type userDocument struct {
	For         string               `json:"for"`
	About       string               `json:"about"`
	Targets     []wasmcloud.Target   `json:"targets"`
	Hosts       []string             `json:"hosts"`
	Permissions []permissionDocument `json:"permissions"`
	Responses   *responsesDocument   `json:"responses,omitempty"`
}

// permissionDocument is one permission as JSON output gives it.
type permissionDocument struct {
	Action  string           `json:"action"`
	Subject string           `json:"subject"`
	Why     string           `json:"reason"`
	Option  wasmcloud.Option `json:"option,omitempty"`
}

// responsesDocument is how a user may answer whoever asks.
type responsesDocument struct {
	Most    int    `json:"most"`
	Seconds int    `json:"within_seconds"`
	Why     string `json:"reason"`
}

func describeUser(u neededUser) userDocument {
	doc := userDocument{For: u.role.String(), About: u.role.About(), Targets: u.targets, Hosts: append([]string{}, u.hosts...)}
	doc.Permissions, doc.Responses = describeSet(u.set)
	return doc
}

// describeSet gives the permissions, and how the user may answer; nil for not at all.
func describeSet(set permissions.Set) ([]permissionDocument, *responsesDocument) {
	all, responses := []permissionDocument{}, (*responsesDocument)(nil)
	for _, g := range set {
		why := strings.Join(g.Reasons, "; ")
		if g.Action == wasmcloud.Respond {
			responses = &responsesDocument{permissions.AnswersPerQuestion, int(permissions.AnswerWithin.Seconds()), why}
			continue
		}
		all = append(all, permissionDocument{g.Action.String(), g.Subject, why, g.Option})
	}
	return all, responses
}

// usersDocument is all of them.
type usersDocument struct {
	Lattice string         `json:"lattice,omitempty"`
	Bucket  string         `json:"bucket,omitempty"` // of a keystore
	Users   []userDocument `json:"users"`
}

func describeUsers(users []neededUser) usersDocument {
	doc := usersDocument{users[0].lattice, users[0].bucket, []userDocument{}}
	for _, u := range users {
		doc.Users = append(doc.Users, describeUser(u))
	}
	return doc
}

// printer is what prints the users in the form that was asked for.
func (o permissionsOptions) printer(a verbs) (func(io.Writer, []neededUser), error) {
	switch o.format {
	case asText:
		return a.printUsers, nil
	case asConfig:
		return printConfig, nil
	case asNSC:
		return printNSC, nil
	}
	return nil, fault.New(fault.Failed, "unknown form: must be one of %s, %s, %s", asText, asConfig, asNSC)
}

// title says in one line whose permissions follow.
func (u neededUser) title() string {
	if u.bucket != "" {
		return fmt.Sprintf("%s: %s, bucket %s", u.role, u.role.About(), u.bucket)
	}
	var targets []string
	for _, t := range u.targets {
		targets = append(targets, t.String())
	}
	title := fmt.Sprintf("%s: %s, lattice %s, %s", u.role, u.role.About(), u.lattice, strings.Join(targets, ", "))
	if u.role.OfHost() && len(u.hosts) > 0 {
		title += " (" + fewOf(u.hosts) + ")"
	}
	return title
}

// fewOf names some of the hosts.
func fewOf(hosts []string) string { return printable.Fold(hosts, 5) }

func (a verbs) printUsers(w io.Writer, users []neededUser) {
	for i, u := range users {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, u.title())
		var rows [][]string
		for _, g := range u.set {
			rows = append(rows, []string{g.Action.String(), grantedSubject(g), whyInShort(g)})
		}
		slices.SortStableFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		terminal.Table(w, a.Width(), []string{"MAY", "SUBJECT", "WHY"}, rows)
	}
}

// grantedSubject is the subject of a grant, or how it may be answered.
func grantedSubject(g permissions.Grant) string {
	if g.Action == wasmcloud.Respond {
		return fmt.Sprintf("%d answer within %.0f minutes", permissions.AnswersPerQuestion, permissions.AnswerWithin.Minutes())
	}
	return g.Subject
}

// whyInShort is what the grant is for, without the last of many reasons.
func whyInShort(g permissions.Grant) string {
	const most = 3
	if rest := len(g.Reasons) - most; rest > 1 {
		g.Reasons = append(slices.Clone(g.Reasons[:most]), fmt.Sprintf("and %d more", rest))
	}
	return g.Why()
}

func printConfig(w io.Writer, users []neededUser) {
	for i, u := range users {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "# %s\n", u.title())
		u.set.WriteConfig(w, 0)
	}
}

// printNSC prints one command of nsc for each user.
func printNSC(w io.Writer, users []neededUser) {
	for _, u := range users {
		of := cmp.Or(u.lattice, u.bucket)
		words := []string{"nsc", "add", "user", "--account", app.Word(of), "--name", app.Word(of + "-" + u.role.String())}
		for _, argument := range u.set.NSCArguments() {
			words = append(words, app.Word(argument))
		}
		fmt.Fprintf(w, "# %s\n%s\n", u.title(), strings.Join(words, " "))
	}
}
