package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/keys"
)

// rotation reads the rotation block, nil where there is none.
func (d *decoder) rotation(n *yaml.Node, m Manifest) *Rotation {
	if n == nil {
		return nil
	}
	f := d.fields(n, "rotation", "phase", "started", "entered", "generation", "switched", "aborted", "emergency", "keys", "retired", "observed")
	f.require("phase", "started", "entered", "generation")
	r := &Rotation{
		Phase:      read(f, "phase", RuleRotation, text, oneOf(Phases())),
		Started:    read(f, "started", RuleField, timestamp, readTime),
		Entered:    read(f, "entered", RuleField, timestamp, readTime),
		Generation: read(f, "generation", RuleField, wholeNumber, readGeneration),
		Switched:   read(f, "switched", RuleField, trueOrFalse, readBool),
		Aborted:    read(f, "aborted", RuleField, trueOrFalse, readBool),
		Emergency:  read(f, "emergency", RuleField, trueOrFalse, readBool),
		Retired:    d.issuers(f.items("retired")),
		Observed:   d.observed(f.items("observed")),
	}
	keys := f.items("keys")
	if len(keys) == 0 && !r.Emergency { // an emergency may drop a key that no host signs with
		d.fail(n, RuleRotation, "rotation", errors.New("a rotation of no key"))
	}
	r.Keys = d.successions(keys, m, r)
	return r
}

// successions reads which key follows which. The new key is an issuer in every
// phase; the old one until it is retired.
func (d *decoder) successions(items []item, m Manifest, r *Rotation) []Succession {
	isIssuer := among(m.Issuers)
	wasIssuer := among(slices.Concat(m.Issuers, r.Retired))
	var all []Succession
	for _, it := range items {
		f := d.fields(it.node, it.path, "old", "new", "host")
		f.require("old", "new")
		s := Succession{
			Old:  read(f, "old", RuleRotation, text, checked(wasIssuer)),
			New:  read(f, "new", RuleRotation, text, checked(isIssuer)),
			Host: read(f, "host", RuleName, text, checked(CheckName)),
		}
		if s.Old == s.New && s.Old != "" {
			d.fail(it.node, RuleRotation, it.path, fmt.Errorf("%s cannot take its own place", s.Old))
		}
		if slices.ContainsFunc(all, func(o Succession) bool { return o.Old == s.Old && o.Host == s.Host }) {
			d.fail(it.node, RuleRotation, it.path, fmt.Errorf("%s is given a second successor", s.Old))
		}
		all = append(all, s)
	}
	return all
}

func (d *decoder) observed(items []item) []Observation {
	var all []Observation
	seen := names{}
	for _, it := range items {
		f := d.fields(it.node, it.path, "host", "signs", "accepts", "generation", "evidence", "at")
		f.require("host", "signs", "accepts", "generation", "evidence", "at")
		o := Observation{
			Standing: Standing{
				Host:    read(f, "host", RuleName, text, checked(CheckName)),
				Signs:   read(f, "signs", RuleKey, text, orNone(clusterKey)),
				Accepts: read(f, "accepts", RuleKey, text, orNone(acceptedAs(all))),
			},
			Generation: read(f, "generation", RuleField, wholeNumber, readGeneration),
			Evidence:   read(f, "evidence", RuleRotation, text, oneOf(Evidences())),
			At:         read(f, "at", RuleField, timestamp, readTime),
		}
		if first, twice := seen[o.Host]; twice && o.Host != "" {
			d.fail(it.node, RuleDuplicate, it.path+".host", fmt.Errorf("%s speaks of %s too", first, o.Host))
		}
		seen[o.Host] = it.path
		all = append(all, o)
	}
	return all
}

// asHost opens what stands for the list of a host further up: lists are long
// where every host has a key of its own, and few.
const asHost = "as "

func acceptedAs(above []Observation) func(string) (keys.Issuers, error) {
	return func(text string) (keys.Issuers, error) {
		host, isReference := strings.CutPrefix(text, asHost)
		if !isReference {
			return keys.ParseIssuers(text)
		}
		for _, o := range above {
			if o.Host == host {
				return o.Accepts, nil
			}
		}
		return nil, fmt.Errorf("no host %s is observed further up", shown(host))
	}
}

// orNone lets the empty text stand for none.
func orNone[T any](parse func(string) (T, error)) func(string) (T, error) {
	return func(text string) (T, error) {
		var none T
		if text == "" {
			return none, nil
		}
		return parse(text)
	}
}

func oneOf[T ~string](known []T) func(string) (T, error) {
	return func(text string) (T, error) {
		if slices.Contains(known, T(text)) {
			return T(text), nil
		}
		words := make([]string, len(known))
		for i, k := range known {
			words[i] = string(k)
		}
		return "", fmt.Errorf("%s is none of %s", shown(text), strings.Join(words, ", "))
	}
}

func trueOrFalse(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && (n.Value == "true" || n.Value == "false") {
		return nil
	}
	return fmt.Errorf("must be true or false, not %s", describe(n))
}

func readBool(text string) (bool, error) { return text == "true", nil }
