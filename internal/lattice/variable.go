package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Variable is an environment variable that a host is given beyond those that
// latch writes itself.
type Variable struct{ Name, Value string }

// CheckVariable judges the name of a variable that a manifest gives a host.
// Names are compared in any case, as Windows does. Those that latch writes are
// refused, since a second value would contradict the first; so are latch's own,
// and those whose value is a secret.
func CheckVariable(name string) error {
	upper := strings.ToUpper(name)
	switch {
	case keys.MayHoldSeed(name):
		return exposed("the name")
	case !IsVariableName(name):
		return fmt.Errorf("%s is no name of a variable: letters, digits and '_', the first no digit", shown(name))
	case strings.HasPrefix(upper, "LATCH_"):
		return fmt.Errorf("%s is a variable of latch itself: no host is given it", name)
	case isWritten(upper):
		return refuse(nil, "set what it stands for in the manifest: lattice, issuers, signs_with, nats", "latch writes %s itself", name)
	case strings.HasSuffix(upper, "_SEED") || strings.HasSuffix(upper, "_PASSWORD"):
		return refuse(nil, "give it to the host by another way than the manifest", "the value of %s is a secret, and a manifest never holds one", name)
	}
	return nil
}

// IsVariableName reports whether every shell and every dialect can spell the name
// of a variable: letters, digits and '_', the first no digit (POSIX, 8.1).
func IsVariableName(name string) bool {
	for i := range len(name) {
		if digit := '0' <= name[i] && name[i] <= '9'; !isAlphanumeric(name[i]) && name[i] != '_' || i == 0 && digit {
			return false
		}
	}
	return name != ""
}

// isWritten tells the names that hosts are told by the manifest's own fields,
// in upper case.
func isWritten(name string) bool {
	for _, label := range []string{wasmcloud.OldLabel, wasmcloud.Label} {
		if strings.HasPrefix(name, label+"LATCH_") {
			return true
		}
	}
	written := []string{
		wasmcloud.Lattice, wasmcloud.LatticePrefix, wasmcloud.ClusterSeed, wasmcloud.ClusterIssuers, wasmcloud.JetStreamDomain,
	}
	for _, p := range Purposes() {
		c := p.Variables()
		written = append(written, c.Host, c.Port, c.TLS, c.JWT, c.Seed, c.Creds)
	}
	return slices.Contains(written, name)
}

// variables reads a mapping of names to texts, in its order.
func (d *decoder) variables(f *fields, name string) []Variable {
	n := f.values[name]
	if n == nil {
		return nil
	}
	path := f.pathOf(name)
	if n.Kind != yaml.MappingNode {
		d.fail(n, RuleField, path, fmt.Errorf("must hold variables (NAME: value), not %s", describe(n)))
		return nil
	}
	var all []Variable
	seen := names{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if err := CheckVariable(key.Value); err != nil {
			d.fail(key, RuleVariable, path, err)
			continue
		}
		if first, twice := seen[fold(key.Value)]; twice {
			d.fail(key, RuleDuplicate, path, fmt.Errorf("%s is set above, as %s (case does not tell names apart)", key.Value, first))
			continue
		}
		seen[fold(key.Value)] = key.Value
		all = append(all, Variable{Name: key.Value, Value: d.variable(n.Content[i+1], path+"."+key.Value)})
	}
	return all
}

func (d *decoder) variable(n *yaml.Node, path string) string {
	err := text(n)
	if err == nil && strings.Contains(n.Value, "\x00") {
		err = errors.New("no environment holds the character NUL")
	}
	if err != nil {
		d.fail(n, RuleField, path, err)
	}
	return n.Value
}
