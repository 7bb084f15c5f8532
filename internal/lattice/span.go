package lattice

import (
	"regexp"
	"strconv"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

// ParseSpan reads a span of time as manifests spell it: a whole number and a
// unit, d (24 hours), h, m or s, as in 90d or 15m.
func ParseSpan(text string) (time.Duration, error) {
	parts := regexp.MustCompile(`^([1-9][0-9]{0,5})([dhms])$`).FindStringSubmatch(text)
	if parts == nil {
		return 0, fault.New(fault.Failed, "%s is no span of time", shown(text)).WithHint("write a whole number and d, h, m or s, as in 90d or 15m")
	}
	n, err := strconv.Atoi(parts[1])
	return time.Duration(n) * units()[parts[2][0]], err
}

// FormatSpan spells a span of time in the largest unit that divides it; parts
// of a second are dropped.
func FormatSpan(span time.Duration) string {
	for _, unit := range []byte("dhm") {
		if size := units()[unit]; span >= size && span%size == 0 {
			return strconv.FormatInt(int64(span/size), 10) + string(unit)
		}
	}
	return strconv.FormatInt(int64(span/time.Second), 10) + "s"
}

func units() map[byte]time.Duration {
	return map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
}
