package lattice

import (
	"cmp"
	"slices"
	"time"
)

// rotation reports hosts that sign with another key than the phase wants: an
// edit by hand, with which some host would be refused.
func (c *checker) rotation(d *Document) {
	r := d.manifest.Rotation
	if r == nil {
		return
	}
	for i, h := range d.manifest.Hosts {
		const message = "%s signs with %s, which phase %s does not allow: other hosts may refuse it"
		for _, s := range r.Keys {
			if s.Host != "" && s.Host != h.Name {
				continue
			}
			right := s.New
			if r.Phase == PhaseIntroduce {
				right = s.Old
			}
			if (h.SignsWith == s.Old || h.SignsWith == s.New) && h.SignsWith != right {
				at := d.item("hosts", i, "signs_with")
				c.report(d, at, SeverityError, RuleRotation, "let it sign with "+right, message, h.Name, h.SignsWith, r.Phase)
			}
		}
	}
}

// CheckAge judges the age of the issuers' keys by max_age, where the manifest
// has one: a warning from four fifths of it on, an error from all of it. A key
// that is being rotated out is never more than a warning; one of which the
// manifest does not say when it was made is passed over.
func CheckAge(now time.Time, docs ...*Document) []Finding {
	c := &checker{}
	for _, d := range docs {
		if !c.has(d) {
			c.docs = append(c.docs, d)
			c.age(d, now)
		}
	}
	return c.found
}

func (c *checker) age(d *Document, now time.Time) {
	limit := d.manifest.MaxAge
	for i, is := range d.manifest.Issuers {
		if limit == 0 || is.Created.IsZero() {
			continue
		}
		age := now.Sub(is.Created)
		severity := SeverityWarning
		r := d.manifest.Rotation
		leaving := r != nil && slices.ContainsFunc(r.Keys, func(s Succession) bool { return s.Old == is.Name })
		switch {
		case age < limit/5*4:
			continue
		case age >= limit && !leaving:
			severity = SeverityError
		}
		hint := "latch issuers rotate start --retire " + is.Name
		if r != nil {
			hint = "latch issuers rotate status"
		}
		c.report(d, d.item("issuers", i, "name"), severity, RuleMaxAge, hint,
			"the key %s is %s old; max_age is %s", is.Name, FormatAge(age), FormatSpan(limit))
	}
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

// SortFindings puts findings in the order of their files and places.
func SortFindings(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
