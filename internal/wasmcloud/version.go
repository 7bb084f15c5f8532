package wasmcloud

import (
	"cmp"
	"fmt"
	"strings"
)

// version is a release of a host.
type version struct{ major, minor, patch int }

func (v version) compare(other version) int {
	return cmp.Or(cmp.Compare(v.major, other.major), cmp.Compare(v.minor, other.minor), cmp.Compare(v.patch, other.patch))
}

// span is an unbroken row of releases, both ends included. A zero last leaves
// the end open.
type span struct{ first, last version }

// spans are rows of releases, the oldest first.
type spans []span

// since is every release from the one named on.
func since(major, minor, patch int) spans {
	return spans{{first: version{major, minor, patch}}}
}

// until ends the last row with the release named.
func (s spans) until(major, minor, patch int) spans {
	s[len(s)-1].last = version{major, minor, patch}
	return s
}

// overlap reports whether a release is in both.
func (s spans) overlap(other spans) bool {
	for _, a := range s {
		for _, b := range other {
			if a.reaches(b.first) && b.reaches(a.first) {
				return true
			}
		}
	}
	return false
}

// reaches reports whether the row does not end before v.
func (s span) reaches(v version) bool { return s.last == version{} || s.last.compare(v) >= 0 }

// text names the rows for people. The OTP host has come to its end.
func (s spans) text(otp bool) string {
	program, open := "Rust", " and later"
	if otp {
		program, open = "OTP", " to 0.63"
	}
	var rows []string
	for _, row := range s {
		text := row.first.String()
		switch {
		case row.last == version{}:
			text += open
		case row.last.String() != text:
			text += " to " + row.last.String()
		}
		rows = append(rows, text)
	}
	return program + " " + strings.Join(rows, ", ")
}

// last is a patch or minor version that no release reaches: it stands for the
// end of a series.
const last = 1 << 10

// String leaves out a patch of 0, and one that stands for the end of a series.
func (v version) String() string {
	if v.patch == 0 || v.patch == last {
		return fmt.Sprintf("%d.%d", v.major, v.minor)
	}
	return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch)
}

// IsOTPRelease tells by the version that a host gives whether it is an OTP host.
// The last of these is 0.63, and Rust hosts begin at 0.78.
func IsOTPRelease(text string) (otp, known bool) {
	var major, minor int
	if n, err := fmt.Sscanf(text, "%d.%d", &major, &minor); err != nil || n != 2 {
		return false, false
	}
	return major == 0 && minor < 78, true
}
