package wasmbus

import (
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/printable"
)

// Expectation sets aside what is known to be wrong with a host, until a day.
type Expectation struct {
	Host   string
	Reason string
	Until  time.Time // the end of its last day, in UTC
}

const expectUsage = "--expect HOST=REASON,until=2026-12-31"

// ParseExpectation reads HOST=REASON,until=DATE. The date is part of it: what is set
// aside for good is forgotten.
func ParseExpectation(text string) (Expectation, error) {
	host, rest, named := strings.Cut(text, "=")
	at := strings.LastIndex(rest, ",until=")
	if !named || host == "" || at <= 0 {
		return Expectation{}, fault.New(fault.Usage, "an expectation names a host, a reason and a last day").WithHint(expectUsage)
	}
	day, err := time.Parse(time.DateOnly, rest[at+len(",until="):])
	if err != nil {
		return Expectation{}, fault.New(fault.Usage, "the last day of an expectation is a date, such as 2026-12-31").WithHint(expectUsage)
	}
	return Expectation{Host: host, Reason: printable.Line(rest[:at]), Until: day.AddDate(0, 0, 1)}, nil
}

// Holds reports whether the day has not passed.
func (e Expectation) Holds(at time.Time) bool { return at.Before(e.Until) }

// LastDay is until when it holds, for people.
func (e Expectation) LastDay() string { return e.Until.AddDate(0, 0, -1).Format(time.DateOnly) }

// Expect sets aside the rows of hosts that are expected not to be as written, for as
// long as that holds. It gives the expectations that set nothing aside.
func (s *Status) Expect(all []Expectation, at time.Time) (idle []Expectation) {
	for _, e := range all {
		used := false
		for i, row := range s.Rows {
			if row.Host == e.Host && row.Verdict != AsWritten && e.Holds(at) {
				s.Rows[i].Expected, used = &e, true
			}
		}
		if !used {
			idle = append(idle, e)
		}
	}
	return idle
}
