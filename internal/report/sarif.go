package report

import (
	"net/url"
	"path/filepath"
	"slices"

	"github.com/latch-keys/latch/internal/finding"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string     `json:"id"`
	ShortDescription *sarifText `json:"shortDescription,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`

	PartialFingerprints map[string]string `json:"partialFingerprints,omitempty"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

// SARIF gives findings the form of the standard. Rules without a text are there
// by name.
func SARIF(version string, findings []finding.Finding, texts []finding.RuleText) any {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "latch", Version: version, Rules: []sarifRule{}}
	for _, t := range texts {
		run.indexOf(sarifRule{string(t.Rule), &sarifText{t.Text}})
	}
	for _, f := range findings {
		run.Results = append(run.Results, sarifResultOf(f, run.indexOf(sarifRule{ID: string(f.Rule)})))
	}
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

// JoinSARIF gives one log with the results of several, of which nil is none. It has one
// run: GitHub refuses a file with several runs of one tool.
func JoinSARIF(version string, logs []any) any {
	whole, _ := SARIF(version, nil, nil).(sarifLog)
	run := &whole.Runs[0]
	for _, log := range logs {
		if one, is := log.(sarifLog); is {
			run.add(one.Runs[0])
		}
	}
	return whole
}

// add takes the results of another run, and the rules that are new.
func (r *sarifRun) add(other sarifRun) {
	for _, rule := range other.Tool.Driver.Rules {
		r.indexOf(rule)
	}
	for _, result := range other.Results {
		result.RuleIndex = r.indexOf(other.Tool.Driver.Rules[result.RuleIndex])
		r.Results = append(r.Results, result)
	}
}

// indexOf is where a rule stands among the rules of the run, which has it from now on.
func (r *sarifRun) indexOf(rule sarifRule) int {
	rules := &r.Tool.Driver.Rules
	index := slices.IndexFunc(*rules, func(known sarifRule) bool { return known.ID == rule.ID })
	if index < 0 {
		index = len(*rules)
		*rules = append(*rules, rule)
	}
	return index
}

func sarifResultOf(f finding.Finding, rule int) sarifResult {
	message := f.Message
	if f.Hint != "" {
		message += " (" + f.Hint + ")"
	}
	var place sarifLocation
	place.Physical.Artifact.URI = fileURI(f.File)
	if f.Line > 0 {
		place.Physical.Region = &sarifRegion{f.Line, f.Column}
	}
	result := sarifResult{RuleID: string(f.Rule), RuleIndex: rule, Level: string(f.Severity), Message: sarifText{message}, Locations: []sarifLocation{place}}
	if f.Fingerprint != "" {
		result.PartialFingerprints = map[string]string{"publicKey/v1": f.Fingerprint}
	}
	return result
}

// fileURI is a path as a URI: relative ones stay so, since CI services look for
// them in the checkout.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return u.String()
}
