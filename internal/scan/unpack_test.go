package scan

import (
	"bytes"
	"errors"
	"testing"
)

// What is piped in may unpack to a thousand times of what has come so far: a few bytes
// of a tar archive stand for a file of terabytes.
func TestWhatIsPipedInIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size, come int64
		want       error
	}{
		"a file":      {2048, 0, errTooMuch},
		"a pipe":      {0, 2048, errTooMuch},
		"a large one": {0, mostBytes, nil},
	} {
		read := int64(mostBytes)
		j := job{Scanner: New(), depth: 1, size: c.size, read: &read, come: &c.come}
		if _, err := (counted{bytes.NewReader(make([]byte, 100)), j}).Read(make([]byte, 10)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
