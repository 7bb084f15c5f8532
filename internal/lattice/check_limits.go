package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
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

// FormatAge spells an age as people say it: in whole days, below two days in hours, below
// two hours in minutes, below two minutes in seconds. What seems to come from the future,
// by a clock that is off, is of no age.
func FormatAge(age time.Duration) string {
	age = max(age, 0)
	for _, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if age >= 2*unit {
			return FormatSpan(age.Truncate(unit))
		}
	}
	return FormatSpan(age)
}

// LongestLine is the longest line of an env file in bytes, without its end: docker
// reads a line into 64 KiB. Source: docker/cli pkg/kvfile, bufio.MaxScanTokenSize.
const LongestLine = 64<<10 - 1

// longestVariable is the longest variable that Linux starts a program with: its
// name, =, and its value. Source: MAX_ARG_STRLEN in include/uapi/linux/binfmts.h,
// less the NUL.
const longestVariable = 128<<10 - 1

// MostIssuers is how many issuers an env file can carry that every program reads.
func MostIssuers() int { return issuersWithin(LongestLine) }

// issuersWithin is how many issuers fit into a variable of that length.
func issuersWithin(length int) int {
	return (length - len(wasmcloud.ClusterIssuers+"=") + 1) / (keys.PublicKeyLength + 1)
}

// CheckCapacity refuses so many issuers that no env file carries them.
func CheckCapacity(issuers int) error {
	if issuers <= MostIssuers() {
		return nil
	}
	return fault.New(fault.Refused, "%s", tooMany(issuers)).WithHint("let hosts share keys; %d issuers fit", MostIssuers())
}

func tooMany(issuers int) string {
	length := len(wasmcloud.ClusterIssuers+"=") + issuers*(keys.PublicKeyLength+1) - 1
	if length > longestVariable {
		return fmt.Sprintf("%d issuers make a variable of %d bytes: Linux starts no program with more than %d", issuers, length, longestVariable)
	}
	return fmt.Sprintf("%d issuers make a line of %d bytes: docker reads no env file with more than %d", issuers, length, LongestLine)
}

// capacity reports more issuers than fit, now or in a rotation of all keys, where
// hosts accept the old ones and the new ones.
func (c *checker) capacity(d *Document) {
	now := len(d.manifest.Issuers)
	if now > MostIssuers() {
		c.report(d, d.place("issuers"), finding.Error, RuleTooManyKeys, "let hosts share keys", "%s", tooMany(now))
		return
	}
	if d.manifest.Rotation != nil {
		return
	}
	if then := now + len(d.manifest.Signers()); then > MostIssuers() {
		c.report(d, d.place("issuers"), finding.Warning, RuleTooManyKeys,
			"rotate some at a time: latch issuers rotate start --host HOST,…; or to one key for all: latch issuers rotate start --shared",
			"in a rotation of all keys, %s", tooMany(then))
	}
}
