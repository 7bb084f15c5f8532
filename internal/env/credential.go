package env

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// ReadCredential reads an environment back that was written as json, strictly:
// one object of strings, no name twice, and where a variable is secret nothing
// but a seed. Only the Assignments are known of it; their seeds are the caller's
// to wipe. No error repeats a value.
func ReadCredential(text []byte) (Environment, error) {
	var e Environment
	decoder := json.NewDecoder(bytes.NewReader(text))
	fail := func(format string, args ...any) (Environment, error) {
		e.Wipe()
		return Environment{}, fmt.Errorf("failed to read the environment: "+format, args...)
	}
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return fail("it is no JSON object")
	}
	secret := secretNames()
	for decoder.More() {
		name, value, ok := member(decoder)
		if !ok {
			return fail("after %d variables something else than a name and a text follows", len(e.Assignments))
		}
		if !lattice.IsVariableName(name) || e.assigns(name) {
			return fail("the variable %d has no name of its own", len(e.Assignments)+1)
		}
		a, err := readAssignment(name, value, secret[name])
		clear(value)
		if err != nil {
			return fail("%s: %w", name, err)
		}
		e.Assignments = append(e.Assignments, a)
	}
	if _, err := decoder.Token(); err != nil {
		return fail("it does not end")
	}
	if _, err := decoder.Token(); err != io.EOF || len(e.Assignments) == 0 {
		return fail("it is not one object with variables in it")
	}
	return e, nil
}

// member reads a name and a text.
func member(decoder *json.Decoder) (name string, value []byte, ok bool) {
	key, err := decoder.Token()
	if err != nil {
		return "", nil, false
	}
	text, err := decoder.Token()
	if err != nil {
		return "", nil, false
	}
	name, named := key.(string)
	plain, isText := text.(string)
	return name, []byte(plain), named && isText
}

func readAssignment(name string, value []byte, secret bool) (Assignment, error) {
	if !secret {
		if at := firstBad(value, nothing); at >= 0 {
			return Assignment{}, fmt.Errorf("no environment can hold it")
		}
		return Assignment{Name: name, plain: string(value)}, nil
	}
	seed, err := keys.ParseSeed(value, keys.AnyKind)
	return Assignment{Name: name, seed: seed}, err
}

// secretNames are the variables that hold seeds.
func secretNames() map[string]bool {
	names, readers := make(map[string]bool), wasmcloud.NewRegistry()
	for _, w := range allWritten() {
		if v, known := readers.Lookup(w.name); known && v.Sensitivity == wasmcloud.Secret {
			names[w.name] = true
		}
	}
	return names
}

// Wipe ends the seeds, wherever else they are shared.
func (e Environment) Wipe() {
	for _, a := range e.Assignments {
		a.seed.Wipe()
	}
}
