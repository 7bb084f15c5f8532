package keys

import (
	"fmt"
	"strings"
)

// Kind is what a key is for. Its letter opens the public key and stands second
// in the seed (SC… is a cluster seed).
type Kind uint8

// The kinds wash can generate. AnyKind, the zero value, stands for "not
// restricted" in what callers want and "unknown" in what was found.
const (
	AnyKind Kind = iota
	Account
	User
	Module
	Service
	Server
	Operator
	Cluster
	Curve
	kindEnd
)

// letters has each kind's letter at the kind's own value. A letter is five bits,
// the top ones of the key's first byte. Source: nats-io/nkeys strkey.go, and
// wasmCloud/nkeys src/lib.rs for module and service, which the Go library lacks.
const letters = "\x00AUMVNOCX"

// seedMarker is the letter S as the top bits of a seed's first byte.
const seedMarker = 18 << 3

type kindRow struct {
	name    string
	aliases string // space separated
	use     string
}

func (k Kind) row() kindRow {
	switch k {
	case Account:
		return kindRow{"account", "", "signs modules and services; a NATS account"}
	case User:
		return kindRow{"user", "", "a NATS user"}
	case Module:
		return kindRow{"module", "component actor", "a component (formerly actor)"}
	case Service:
		return kindRow{"service", "provider", "a capability provider"}
	case Server:
		return kindRow{"server", "host", "a wasmCloud host or a NATS server"}
	case Operator:
		return kindRow{"operator", "", "a NATS operator"}
	case Cluster:
		return kindRow{"cluster", "", "signs invocations in a lattice"}
	case Curve:
		return kindRow{"curve", "x25519", "encrypts (x25519)"}
	default:
		return kindRow{name: "unknown"}
	}
}

// Kinds lists every kind, in the order wash names them.
func Kinds() []Kind {
	all := make([]Kind, 0, kindEnd-1)
	for k := AnyKind + 1; k < kindEnd; k++ {
		all = append(all, k)
	}
	return all
}

// String is the kind's name in lower case, "unknown" for AnyKind.
func (k Kind) String() string { return k.row().name }

// Use says in a few words what keys of the kind are for.
func (k Kind) Use() string { return k.row().use }

// Aliases are the other names wash knows the kind by.
func (k Kind) Aliases() []string { return strings.Fields(k.row().aliases) }

// Letter is the first character of the kind's public keys, 0 for AnyKind.
func (k Kind) Letter() byte {
	if k >= kindEnd {
		return 0
	}
	return letters[k]
}

// ParseKind reads a kind by name or alias, in any case. A mistyped kind is an
// error that lists the kinds: wash once made a module key in silence.
func ParseKind(name string) (Kind, error) {
	folded := strings.ToLower(name)
	for _, k := range Kinds() {
		row := k.row()
		if folded == row.name {
			return k, nil
		}
		for _, alias := range k.Aliases() {
			if folded == alias {
				return k, nil
			}
		}
	}
	return AnyKind, fmt.Errorf("unknown kind of key %q: must be one of %s", name, kindList())
}

func kindList() string {
	names := make([]string, 0, kindEnd-1)
	for _, k := range Kinds() {
		name := k.String()
		if aliases := k.Aliases(); len(aliases) > 0 {
			name += " (or " + strings.Join(aliases, ", ") + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// prefix is the first byte of a public key of the kind.
func (k Kind) prefix() byte { return values[k.Letter()] << 3 }

func kindOfPrefix(prefix byte) Kind {
	if prefix&7 != 0 {
		return AnyKind
	}
	return kindOfLetter(alphabet[prefix>>3])
}

func kindOfLetter(letter byte) Kind {
	return Kind(max(0, strings.IndexByte(letters, letter)))
}
