package natscmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// checkDocument is a check as JSON.
type checkDocument struct {
	OK          bool                `json:"ok"`
	Lattice     string              `json:"lattice"`
	Connections []checkedConnection `json:"connections"`
	Findings    []finding.Finding   `json:"findings"`
}

// checkedConnection is one connection, of all hosts that make it.
type checkedConnection struct {
	Hosts       []string        `json:"hosts"`
	For         string          `json:"for"`
	Server      string          `json:"server"`
	User        string          `json:"user,omitempty"`
	Account     string          `json:"account,omitempty"`
	State       access.State    `json:"state"`
	Failed      finding.Rule    `json:"first_failed,omitempty"`
	ServerName  string          `json:"server_name,omitempty"`
	Version     string          `json:"server_version,omitempty"`
	Answer      float64         `json:"answer_ms,omitempty"`
	TopicSpace  int             `json:"topic_space,omitempty"`
	RightsKnown bool            `json:"rights_known"`
	Stores      []checkedStream `json:"streams,omitempty"`
}

// checkedStream is what JetStream says of a stream of the lattice.
type checkedStream struct {
	Stream   string   `json:"stream"`
	Exists   bool     `json:"exists"`
	Replicas int      `json:"replicas,omitempty"`
	Leader   string   `json:"leader,omitempty"`
	Behind   []string `json:"behind,omitempty"`
}

// showCheck prints what was found, and ends with what it amounts to.
func (a verbs) showCheck(file *lattice.Document, r access.Report, further []finding.Finding) error {
	findings := append(r.Findings(file), further...)
	failed := slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Severity == finding.Error })
	var doc any
	if a.Form() == settings.SARIF {
		doc = report.SARIF(a.Sys.Release(), findings, access.Rules())
	} else {
		doc = documentOf(file, r, findings, !failed && r.Tried())
	}
	err := a.ShowProse(doc, app.Hang, func(w io.Writer) {
		a.writeCheck(w, r)
		for _, f := range findings {
			report.WriteFinding(w, f, a.OutPalette())
		}
	})
	switch {
	case err != nil:
		return err
	case failed:
		return app.No()
	case !r.Tried():
		return fault.New(fault.Unavailable, "not all of it could be looked at").WithHint("%s", "the findings of the rule "+string(access.RuleNotTried)+" say what could not, and why")
	}
	return nil
}

func documentOf(file *lattice.Document, r access.Report, findings []finding.Finding, ok bool) checkDocument {
	doc := checkDocument{OK: ok, Lattice: file.Manifest().Lattice, Connections: []checkedConnection{}, Findings: append([]finding.Finding{}, findings...)}
	for _, one := range r.Results {
		c := checkedConnection{
			Hosts: one.Hosts, For: one.Purpose.String(), Server: strings.Join(one.Server.URLs, ","), State: one.State(), Failed: one.First(),
			ServerName: one.Name, Version: one.Version, Answer: float64(one.Answer) / float64(time.Millisecond), TopicSpace: one.Space, RightsKnown: one.RightsKnown,
		}
		if user := one.Login.Seed.PublicKey(); !user.IsZero() {
			c.User = user.String()
		}
		if !one.User.Account.IsZero() {
			c.Account = one.User.Account.String()
		}
		for _, s := range one.Stores {
			c.Stores = append(c.Stores, checkedStream{s.Stream, s.Exists, s.Replicas, s.Leader, s.Behind})
		}
		doc.Connections = append(doc.Connections, c)
	}
	return doc
}

// mostShown is how many hosts without a failure people are shown.
const mostShown = 20

// writeCheck shows people the hosts with what came of each connection, and sums up.
func (a verbs) writeCheck(w io.Writer, r access.Report) {
	var order []string
	cells := map[string]map[wasmcloud.Purpose]string{}
	bad := map[string]bool{}
	for _, one := range r.Results {
		for _, host := range one.Hosts {
			if cells[host] == nil {
				order, cells[host] = append(order, host), map[wasmcloud.Purpose]string{}
			}
			cells[host][one.Purpose] = cell(one)
			bad[host] = bad[host] || one.State() != access.OK
		}
	}
	header := []string{"HOST"}
	for _, p := range wasmcloud.Purposes() {
		header = append(header, strings.ToUpper(p.String()))
	}
	var rows [][]string
	well := 0
	for _, host := range order {
		if !bad[host] {
			if well++; well > mostShown {
				continue
			}
		}
		row := []string{host}
		for _, p := range wasmcloud.Purposes() {
			row = append(row, cmp.Or(cells[host][p], "-"))
		}
		rows = append(rows, row)
	}
	terminal.Table(w, a.Width(), header, rows)
	if more := len(order) - len(rows); more > 0 {
		fmt.Fprintf(w, "and %d more hosts, all ok: -o json lists them\n", more)
	}
	fmt.Fprintf(w, "\n%s\n", sumUp(r, len(order)))
}

// cell is what came of a connection in a word: ok, or what failed first.
func cell(r access.Result) string {
	switch r.State() {
	case access.OK:
		return "ok"
	case access.Failed:
		return strings.ReplaceAll(strings.TrimPrefix(string(r.First()), "nats_"), "_", " ")
	}
	return "not tried"
}

// sumUp counts the connections by what came of them.
func sumUp(r access.Report, hosts int) string {
	counts := map[access.State]int{}
	spaces := map[int]bool{}
	all := 0
	for _, one := range r.Results {
		counts[one.State()] += len(one.Hosts)
		all += len(one.Hosts)
		if one.Space > 0 {
			spaces[one.Space] = true
		}
	}
	text := fmt.Sprintf("%d connection%s of %d host%s: %d ok", all, app.Plural(all), hosts, app.Plural(hosts), counts[access.OK])
	if n := counts[access.Failed]; n > 0 {
		text += fmt.Sprintf(", %d failed", n)
	}
	if n := counts[access.NotTried]; n > 0 {
		text += fmt.Sprintf(", %d not tried", n)
	}
	switch {
	case len(spaces) == 1 && all > 1:
		text += "; one topic space"
	case len(spaces) > 1:
		text += fmt.Sprintf("; %d topic spaces", len(spaces))
	}
	return text + "."
}
