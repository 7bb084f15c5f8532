package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
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
		return fault.New(fault.Failed, "latch writes %s itself", name).WithHint("set what it stands for in the manifest: lattice, issuers, signs_with, nats")
	case strings.HasSuffix(upper, "_SEED") || strings.HasSuffix(upper, "_PASSWORD"):
		return fault.New(fault.Failed, "the value of %s is a secret, and a manifest never holds one", name).WithHint("give it to the host by another way than the manifest")
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
	for _, p := range wasmcloud.Purposes() {
		c := p.Variables()
		written = append(written, c.Host, c.Port, c.TLS, c.JWT, c.Seed, c.Creds)
	}
	return slices.Contains(written, name)
}

// variablesField describes a mapping of names to texts, which keeps its order.
func variablesField() field[Host] {
	return field[Host]{
		name: "env",
		read: func(f *fields, h *Host) { h.Env = readVariables(f, "env") },
		write: func(h *Host) yamledit.Value {
			if len(h.Env) == 0 {
				return nil
			}
			var m yamledit.Map
			for _, v := range h.Env {
				m.Fields = append(m.Fields, yamledit.Entry{Name: v.Name, Value: yamledit.Text(v.Value)})
			}
			return m
		},
		same: func(a, b *Host) bool { return slices.Equal(a.Env, b.Env) },
		schema: func() schema.Schema {
			value, name := schema.Text(""), schema.Text("^[A-Za-z_][A-Za-z0-9_]*$")
			name.Not = &schema.Schema{Pattern: "^LATCH_|_SEED$|_PASSWORD$"}
			return schema.Schema{Type: "object", PropertyNames: &name, Others: &value}
		},
	}
}

func readVariables(f *fields, name string) []Variable {
	n := f.get(name)
	if n == nil {
		return nil
	}
	d, path := f.decoder, f.pathOf(name)
	if n.Kind != yamledit.Mapping {
		d.fail(n, RuleField, path, fmt.Errorf("must hold variables (NAME: value), not %s", n.Describe()))
		return nil
	}
	var all []Variable
	seen := names{}
	for _, field := range n.Fields {
		key := field.Key
		if err := CheckVariable(key.Value); err != nil {
			d.fail(key, RuleVariable, path, err)
			continue
		}
		if first, twice := seen[fold(key.Value)]; twice {
			d.fail(key, RuleDuplicate, path, fmt.Errorf("%s is set above, as %s (case does not tell names apart)", key.Value, first))
			continue
		}
		seen[fold(key.Value)] = key.Value
		if err := checkVariableValue(field.Value); err != nil {
			d.fail(field.Value, RuleField, path+"."+key.Value, err)
		}
		all = append(all, Variable{Name: key.Value, Value: field.Value.Value})
	}
	return all
}

func checkVariableValue(n *yamledit.Node) error {
	if err := isText(n); err != nil {
		return err
	}
	if strings.Contains(n.Value, "\x00") {
		return errors.New("no environment holds the character NUL")
	}
	return nil
}
