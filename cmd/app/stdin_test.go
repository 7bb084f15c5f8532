package app

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/process"
)

// More than can be read is an error, never the beginning of it.
func TestReadStdin(t *testing.T) {
	t.Parallel()
	for text, whole := range map[string]bool{"": true, "0123456789": true, "0123456789a": false} {
		a := New(process.System{Stdin: strings.NewReader(text)})
		got, err := a.ReadStdin(t.Context(), 10)
		if (err == nil) != whole || whole && string(got) != text || !whole && got != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
