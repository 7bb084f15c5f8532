package keys

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted stands where a seed would be printed; the public key says which one
// it was and gives nothing away.
func (s Seed) redacted() string {
	if s.public.IsZero() {
		return "[no seed]"
	}
	return "[seed of " + s.public.String() + "]"
}

// String hides the secret.
func (s Seed) String() string { return s.redacted() }

// GoString hides the secret under %#v.
func (s Seed) GoString() string { return s.redacted() }

// Format hides the secret under every verb, %x and %q included.
func (s Seed) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.redacted()) }

// MarshalText hides the secret from JSON, YAML and map keys.
func (s Seed) MarshalText() ([]byte, error) { return []byte(s.redacted()), nil }

// LogValue hides the secret from slog.
func (s Seed) LogValue() slog.Value { return slog.StringValue(s.redacted()) }
