package lattice

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/finding"
)

// UserOf gives the user JWT that a connection of a document's hosts logs in with,
// false where none is at hand.
type UserOf func(d *Document, c Connection) (UserJWT, bool)

// CheckTimes judges what depends on the day: the age of the issuers' keys by
// max_age, where the manifest has one, and whether servers let the hosts' users
// in. A key gets a warning from four fifths of its age on and an error from all of
// it; one that is being rotated out is never more than a warning, and one of which
// the manifest does not say when it was made is passed over.
func CheckTimes(now time.Time, users UserOf, docs ...*Document) []finding.Finding {
	c := &checker{}
	for _, d := range docs {
		if !c.has(d) {
			c.docs = append(c.docs, d)
			c.age(d, now)
			c.users(d, users, now)
		}
	}
	finding.Sort(c.found)
	return c.found
}

// clockSlack is how far the clocks of two machines that are kept in time may be
// apart.
const clockSlack = 5 * time.Minute

func (c *checker) age(d *Document, now time.Time) {
	limit := d.manifest.MaxAge
	for i, is := range d.manifest.Issuers {
		if is.Created.IsZero() {
			continue
		}
		age := now.Sub(is.Created)
		if age < -clockSlack {
			c.future(d, i, -age, now)
			continue
		}
		severity := finding.Warning
		r := d.manifest.Rotation
		leaving := r != nil && slices.ContainsFunc(r.Keys, func(s Succession) bool { return s.Old == is.Name })
		switch {
		case !d.manifest.NearMaxAge(is, now):
			continue
		case age >= limit && !leaving:
			severity = finding.Error
		}
		hint := "latch issuers rotate start --retire " + is.Name
		if r != nil {
			hint = "latch issuers rotate status"
		}
		c.report(d, d.item("issuers", i, "name"), severity, RuleMaxAge, hint,
			"the key %s is %s old; max_age is %s", is.Name, FormatAge(age), FormatSpan(limit))
	}
}

// NearMaxAge reports whether an issuer's key has reached four fifths of max_age: it
// is time to replace it.
func (m Manifest) NearMaxAge(is Issuer, now time.Time) bool {
	return m.MaxAge > 0 && !is.Created.IsZero() && now.Sub(is.Created) >= m.MaxAge/5*4
}

// future reports a key that seems not to be made yet. Where its age counts, that is
// an error: nobody would hear of it when it is old.
func (c *checker) future(d *Document, issuer int, ahead time.Duration, now time.Time) {
	severity, counts := finding.Warning, ""
	if d.manifest.MaxAge > 0 {
		severity, counts = finding.Error, ", and max_age would not notice when it is old"
	}
	c.report(d, d.item("issuers", issuer, "created"), severity, RuleCreated,
		"set the clock of this machine, or created to when the key was made",
		"the key %s is created in %s from now, by the clock of this machine (%s): one of the two is wrong%s",
		d.manifest.Issuers[issuer].Name, FormatAge(max(ahead, time.Hour)), now.UTC().Format(time.RFC3339), counts)
}

// FormatAge spells an age in whole days, or below two days in whole hours. What
// seems to come from the future, by a clock that is off, is of no age.
func FormatAge(age time.Duration) string {
	age = max(age, 0)
	if day := 24 * time.Hour; age >= 2*day {
		return FormatSpan(age.Truncate(day))
	}
	return FormatSpan(age.Truncate(time.Hour))
}
