package env

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Digest is the same for two environments if a program that runs with one of them
// would be told the same by the other. The label with the manifest's generation does
// not count: it grows with changes of other hosts, too. It follows from secrets, and
// is not for others to see.
func (e Environment) Digest() (string, error) {
	sum := sha256.New()
	for _, a := range e.Assignments {
		if strings.HasSuffix(a.Name, "_"+wasmcloud.GenerationLabel) {
			continue
		}
		value, err := a.Value(Revealed)
		if err != nil {
			return "", fmt.Errorf("failed to compare the environment of host %q: %w", e.Host, err)
		}
		fmt.Fprintf(sum, "%d %s %d ", len(a.Name), a.Name, len(value))
		_, _ = sum.Write(value)
		clear(value)
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), nil
}
