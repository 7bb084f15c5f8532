package invocation

// State is how one check ended.
type State string

// The states of a check.
const (
	Passed  State = "passed"
	Failed  State = "failed"
	Skipped State = "skipped" // this verifier leaves it out here
	Unknown State = "unknown" // what it needs cannot be read
)

// Check is one check and how it ended.
type Check struct {
	Name   string `json:"check"`
	State  State  `json:"state"`
	Why    string `json:"reason,omitempty"`    // in plain words
	Host   string `json:"host_says,omitempty"` // the verifier's own words
	Wanted string `json:"wanted,omitempty"`
	Found  string `json:"found,omitempty"`
	panics bool
}

// Verdict is what a verifier makes of a message.
type Verdict string

// The verdicts.
const (
	Accepted    Verdict = "accepted"
	Refused     Verdict = "refused"
	Undecodable Verdict = "undecodable" // the message cannot be read at all
	Panics      Verdict = "panics"      // the verifier itself goes down, and with it whatever it guards
)

// Report is a verdict with all that led to it.
type Report struct {
	As      Target   `json:"as"`
	Verdict Verdict  `json:"verdict"`
	First   *Check   `json:"first_failed,omitempty"`
	Checks  []Check  `json:"checks"`
	Message *Message `json:"-"`
	Claims  *Claims  `json:"claims,omitempty"`
}

// conclude finds the first check that failed; the verdict is its.
func (r Report) conclude() Report {
	r.Verdict = Accepted
	for i := range r.Checks {
		if r.Checks[i].State != Failed {
			continue
		}
		r.First = &r.Checks[i]
		switch {
		case r.First.panics:
			r.Verdict = Panics
		case r.First.Name == checkDecode:
			r.Verdict = Undecodable
		default:
			r.Verdict = Refused
		}
		break
	}
	return r
}

// Signer is the issuer whose signature the token bears, "" where it bears none
// that verifies. Whether the issuer is accepted is another question.
func (r Report) Signer() string {
	for _, c := range r.Checks {
		if c.Name == checkSignature && c.State == Passed {
			return r.Claims.Issuer
		}
	}
	return ""
}
