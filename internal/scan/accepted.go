package scan

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// AcceptedFile is where accepted leaks are listed unless another file is named.
const AcceptedFile = ".latch-accepted"

// Accepted is why the leak of a key is accepted, and since when. It goes by the key:
// wherever its seed turns up, it is the same leak.
type Accepted struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// ParseAccepted reads a list of accepted leaks: on each line a public key, the date
// and the reason; empty lines and those that start with # are for people.
func ParseAccepted(text []byte, now time.Time) (map[keys.PublicKey]Accepted, error) {
	all := map[keys.PublicKey]Accepted{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		key, entry, err := parseAccepted(line, now)
		if _, twice := all[key]; err == nil && twice {
			err = fmt.Errorf("%s stands there twice", key)
		}
		if err != nil {
			return nil, fault.New(fault.Failed, "line %d", n).Because(err).
				WithHint("write a public key, the date and the reason: CABC… 2026-03-01 was only ever used in a demo")
		}
		all[key] = entry
	}
	return all, lines.Err()
}

// aheadOfUTC is more than any clock on a wall is: east of Greenwich a day begins before
// it does in UTC, which dates are read in.
const aheadOfUTC = 24 * time.Hour

func parseAccepted(line string, now time.Time) (keys.PublicKey, Accepted, error) {
	words := strings.SplitN(line, " ", 3)
	key, err := keys.ParsePublicKey(words[0], keys.AnyKind)
	if err != nil {
		return key, Accepted{}, err
	}
	if len(words) < 3 || strings.TrimSpace(words[2]) == "" {
		return key, Accepted{}, fmt.Errorf("a date and a reason should follow the key")
	}
	since, err := time.Parse(time.DateOnly, words[1])
	if err != nil {
		return key, Accepted{}, fmt.Errorf("%q is no date such as 2026-03-01", words[1])
	}
	if since.After(now.Add(aheadOfUTC)) {
		return key, Accepted{}, fmt.Errorf("the date %s is in the future", words[1])
	}
	return key, Accepted{strings.TrimSpace(words[2]), since}, nil
}
