package env

import (
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
)

// Secrets says whether secret values are shown.
type Secrets bool

// Masked, the zero value, puts "[seed of C…]" in the place of a secret: text
// that no reader can take for a key. Revealed shows the secret itself.
const (
	Masked   Secrets = false
	Revealed Secrets = true
)

// Assignment is one variable with its value for one host. Every way of
// printing it masks a secret.
type Assignment struct {
	Name string

	plain string    // the value, unless it is a secret
	seed  keys.Seed // the value, if it is one
}

// Secret reports whether the value is a secret.
func (a Assignment) Secret() bool { return a.seed.Kind() != keys.AnyKind }

// isEmpty reports whether there is no value.
func (a Assignment) isEmpty() bool { return a.plain == "" && !a.Secret() }

// Value is the variable's value, or what stands in its place: a fresh slice,
// for the caller to clear where it is a secret. A seed that was wiped is an
// error, since hosts take an empty value for leave to invent a key.
func (a Assignment) Value(show Secrets) ([]byte, error) {
	switch {
	case !a.Secret():
		return []byte(a.plain), nil
	case show == Masked:
		return []byte(a.seed.String()), nil
	case a.seed.IsZero():
		return nil, fmt.Errorf("failed to reveal %s: the seed of %s was wiped", a.Name, a.seed.PublicKey())
	default:
		return a.seed.Reveal(), nil
	}
}

// String is NAME=VALUE with a secret masked.
func (a Assignment) String() string {
	if a.Secret() {
		return a.Name + "=" + a.seed.String()
	}
	return a.Name + "=" + a.plain
}
