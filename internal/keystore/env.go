package keystore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// envPrefix opens the names of the variables that hold seeds.
const envPrefix = "LATCH_SEED_"

// env reads seeds from the environment, for CI systems that keep secrets there.
type env struct{ environ []string }

func (e *env) URI() string { return "env:" }

func (e *env) List(context.Context) ([]Entry, error) {
	var entries []Entry
	var errs []error
	seen := map[string]bool{}
	for _, pair := range e.environ {
		variable, value, _ := strings.Cut(pair, "=")
		name, ok := nameOf(variable)
		if !ok || seen[variable] {
			continue
		}
		seen[variable] = true
		d := keys.Diagnose(value, keys.Want{Role: keys.RoleSeed})
		if !d.Valid() {
			errs = append(errs, corrupt(variable, d.Problem))
			continue
		}
		entries = append(entries, Entry{Name: name, PublicKey: d.PublicKey})
	}
	sortEntries(entries)
	return entries, errors.Join(errs...)
}

func (e *env) Get(_ context.Context, name string) (keys.Seed, error) {
	if err := CheckName(name); err != nil {
		return keys.Seed{}, err
	}
	wanted := variableOf(name)
	for _, pair := range e.environ {
		variable, value, _ := strings.Cut(pair, "=")
		if variable != wanted {
			continue
		}
		text := []byte(value)
		defer clear(text)
		seed, err := keys.ParseSeed(text, keys.AnyKind)
		if err != nil {
			return keys.Seed{}, corrupt(variable, err)
		}
		return seed, nil
	}
	return keys.Seed{}, &fault{
		kind:    ErrNotFound,
		message: fmt.Sprintf("there is no key named %q in env:", name),
		hint:    "set " + wanted + " to its seed",
	}
}

func (e *env) Put(_ context.Context, name string, _ keys.Seed) error {
	return readOnly(name, "set it as "+envPrefix+"<NAME> where the environment is made, or store it elsewhere: --keystore dir:DIR")
}

func (e *env) Rename(_ context.Context, from, to string) error {
	if err := CheckName(to); err != nil {
		return err
	}
	return readOnly(from, "rename the variable where the environment is made")
}

func (e *env) Delete(_ context.Context, name string) error {
	return readOnly(name, "remove the variable where the environment is made")
}

func readOnly(name, hint string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return &fault{kind: ErrReadOnly, message: "env: can only be read, " + name + " stays as it is", hint: hint}
}

// variableOf is LATCH_SEED_ and the name in upper case, every character but
// letters and digits an underscore.
func variableOf(name string) string {
	return envPrefix + strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case isAlphanumeric(byte(r)):
			return r
		}
		return '_'
	}, name)
}

// nameOf is a name whose variable this is, in lower case with hyphens.
func nameOf(variable string) (string, bool) {
	rest, ok := strings.CutPrefix(variable, envPrefix)
	name := strings.ReplaceAll(strings.ToLower(rest), "_", "-")
	return name, ok && CheckName(name) == nil && variableOf(name) == variable
}
