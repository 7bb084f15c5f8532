package env

import (
	"fmt"
	"regexp"

	"github.com/latch-keys/latch/internal/fault"
)

// renderSecret is a Secret with one key a variable, for envFrom. Its values stand
// under stringData as text: under data they would have to be base64, and a
// stray line end there makes a seed that a host exits on. It is named after
// lattice and host, so that lattices can share a namespace.
func renderSecret(d Dialect, e Environment, show Secrets) ([]byte, error) {
	name := e.Lattice + "-" + e.Host
	if !isDNSName(name) {
		return nil, fault.New(fault.Refused, "host %q of lattice %q cannot have a Secret: %q is no name for one", e.Host, e.Lattice, name).
			WithHint("Kubernetes takes lower-case letters, digits, '-' and '.' only; the dialect json carries any name")
	}
	out, err := yamlHead(d, e, show)
	if err != nil {
		return nil, err
	}
	out = fmt.Appendf(out, `apiVersion: v1
kind: Secret
metadata:
  name: %q
  labels:
    app.kubernetes.io/managed-by: latch
type: Opaque
stringData:
`, name)
	err = eachValue(e, show, func(a Assignment, value []byte) error {
		if err := refuseNoText(d, a, value); err != nil {
			return err
		}
		out = fmt.Appendf(out, "  %s: ", yamlKey(a.Name))
		out = append(yamlText(out, value), '\n')
		return nil
	})
	if err != nil {
		clear(out)
		return nil, err
	}
	return out, nil
}

// isDNSName reports whether the API server takes the name of an object.
// Source: RFC 1123, k8s.io/apimachinery util/validation.
func isDNSName(name string) bool {
	const longest = 253
	label := `[a-z0-9]([-a-z0-9]*[a-z0-9])?`
	return len(name) <= longest && regexp.MustCompile(`^`+label+`(\.`+label+`)*$`).MatchString(name)
}
