// Package environ reads seeds from the environment, for CI systems that keep
// secrets there: the env: keystore.
package environ

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Prefix opens the names of the variables that hold seeds.
const Prefix = "LATCH_SEED_"

type environment struct {
	uri   string
	vars  []string
	names func() []string
}

// New is the store of the seeds in an environment, NAME=value. A variable does not
// tell how its name is spelled: it is listed by those of names that lead to it; names
// may be nil.
func New(uri string, vars []string, names func() []string) store.Store {
	return &environment{uri: uri, vars: vars, names: names}
}

func (e *environment) URI() string { return e.uri }

func (e *environment) List(context.Context) ([]store.Entry, error) {
	var entries []store.Entry
	var errs []error
	seen := map[string]bool{}
	spelled := e.spelled()
	for _, pair := range e.vars {
		variable, value, _ := strings.Cut(pair, "=")
		names := spelled[variable]
		if name, ok := nameOf(variable); ok && len(names) == 0 {
			names = []string{name}
		}
		if len(names) == 0 || seen[variable] {
			continue
		}
		seen[variable] = true
		d := keys.Diagnose(value, keys.Want{Role: keys.RoleSeed})
		if !d.Valid() {
			errs = append(errs, store.Corrupt(variable, d.Problem))
			continue
		}
		for _, name := range names {
			entries = append(entries, store.Entry{Name: name, PublicKey: d.PublicKey})
		}
	}
	store.Sort(entries)
	return entries, errors.Join(errs...)
}

// spelled are the known names by their variables.
func (e *environment) spelled() map[string][]string {
	spelled := map[string][]string{}
	if e.names == nil {
		return spelled
	}
	for _, name := range e.names() {
		variable := Variable(name)
		if store.CheckName(name) == nil && !slices.Contains(spelled[variable], name) {
			spelled[variable] = append(spelled[variable], name)
		}
	}
	return spelled
}

// Find looks a key up by any of the names that lead to its variable.
func (e *environment) Find(ctx context.Context, name string) (store.Entry, error) {
	seed, err := e.Get(ctx, name)
	defer seed.Wipe()
	if err != nil {
		return store.Entry{}, err
	}
	return store.Entry{Name: name, PublicKey: seed.PublicKey()}, nil
}

func (e *environment) Get(_ context.Context, name string) (keys.Seed, error) {
	if err := store.CheckName(name); err != nil {
		return keys.Seed{}, err
	}
	wanted := Variable(name)
	for _, pair := range e.vars {
		variable, value, _ := strings.Cut(pair, "=")
		if variable != wanted {
			continue
		}
		text := []byte(value)
		defer clear(text)
		seed, err := keys.ParseSeed(text, keys.AnyKind)
		if err != nil {
			return keys.Seed{}, store.Corrupt(variable, err)
		}
		return seed, nil
	}
	return keys.Seed{}, fault.New(fault.NotFound, "there is no key named %q in %s", name, e.uri).WithHint("set %s to its seed", wanted)
}

func (e *environment) Put(_ context.Context, name string, _ keys.Seed) error {
	return e.readOnly(name, "set its seed as "+Variable(name)+" where the environment is made, or store it elsewhere: --keystore dir:DIR")
}

func (e *environment) Rename(_ context.Context, from, to string, _ keys.PublicKey) error {
	if err := store.CheckName(to); err != nil {
		return err
	}
	return e.readOnly(from, "rename the variable where the environment is made")
}

func (e *environment) Delete(_ context.Context, name string, _ keys.PublicKey) error {
	return e.readOnly(name, "remove the variable where the environment is made")
}

func (e *environment) readOnly(name, hint string) error {
	if err := store.CheckName(name); err != nil {
		return err
	}
	return fault.New(fault.ReadOnly, "%s can only be read, %s stays as it is", e.uri, name).WithHint("%s", hint)
}

// Variable is the one that holds a key: LATCH_SEED_ and the name in upper case, every character but
// letters and digits an underscore.
func Variable(name string) string {
	return Prefix + strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, name)
}

// nameOf is a name whose variable this is, in lower case with hyphens.
func nameOf(variable string) (string, bool) {
	rest, ok := strings.CutPrefix(variable, Prefix)
	name := strings.ReplaceAll(strings.ToLower(rest), "_", "-")
	return name, ok && store.CheckName(name) == nil && Variable(name) == variable
}
