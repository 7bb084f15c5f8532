package lattice

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/keys"
)

// Decode reads a manifest strictly. The path names the file in errors. Whatever
// is wrong is reported at once, as Errors.
func Decode(path string, text []byte) (*Document, error) {
	t, errs := parse(path, bytes.Clone(text))
	if len(errs) > 0 {
		return nil, errs
	}
	d := &decoder{tree: t}
	m := d.manifest()
	if len(d.errs) > 0 {
		d.errs.sort()
		return nil, d.errs
	}
	return &Document{path: path, tree: t, loaded: t.text, manifest: m}, nil
}

// decoder turns nodes into a manifest and collects what is wrong.
type decoder struct {
	tree *tree
	errs Errors
}

func (d *decoder) fail(n *yaml.Node, rule Rule, field string, cause error) {
	d.errs = append(d.errs, d.tree.errorAt(d.tree.at(n), rule, field, cause))
}

func (d *decoder) manifest() Manifest {
	f := d.fields(d.tree.root, "", "version", "lattice", "target", "keystore", "issuers", "hosts", "nats", "generation",
		"max_age", "min_soak", "rotation", "denied")
	var m Manifest
	f.require("version", "lattice", "target")
	read(f, "version", RuleVersion, wholeNumber, checkVersion)
	m.Lattice = read(f, "lattice", RulePrefix, text, checked(CheckPrefix))
	m.Target = read(f, "target", RuleTarget, text, ParseTarget)
	m.Keystore = read(f, "keystore", RuleField, text, checked(checkKeystore))
	m.Generation = read(f, "generation", RuleField, wholeNumber, readGeneration)
	m.MaxAge = read(f, "max_age", RuleField, text, ParseSpan)
	m.MinSoak = read(f, "min_soak", RuleField, text, ParseSpan)
	issuers := f.items("issuers")
	m.Issuers = d.issuers(issuers)
	m.Hosts = d.hosts(f.items("hosts"), m.Issuers)
	m.NATS = d.nats(f)
	m.Denied = d.denied(f.items("denied"))
	d.allowed(m, issuers)
	m.Rotation = d.rotation(f.values["rotation"], m)
	return m
}

func (d *decoder) issuers(items []item) []Issuer {
	var all []Issuer
	seen := names{}
	for _, it := range items {
		f := d.fields(it.node, it.path, "name", "public_key", "created")
		f.require("name", "public_key")
		all = append(all, Issuer{
			Name:      read(f, "name", RuleName, text, checked(CheckName)),
			PublicKey: read(f, "public_key", RuleKey, text, clusterKey),
			Created:   read(f, "created", RuleField, timestamp, readTime),
		})
		d.unique(f, seen, all[len(all)-1].Name)
	}
	return all
}

func (d *decoder) hosts(items []item, issuers []Issuer) []Host {
	var all []Host
	seen := names{}
	for _, it := range items {
		f := d.fields(it.node, it.path, "name", "signs_with", "target", "nats", "env")
		f.require("name", "signs_with")
		all = append(all, Host{
			Name:      read(f, "name", RuleName, text, checked(CheckName)),
			SignsWith: read(f, "signs_with", RuleSignsWith, text, checked(among(issuers))),
			Target:    read(f, "target", RuleTarget, text, ParseTarget),
			NATS:      d.nats(f),
			Env:       d.variables(f, "env"),
		})
		d.unique(f, seen, all[len(all)-1].Name)
	}
	return all
}

// names maps folded names to the paths of the items that have them.
type names map[string]string

func (d *decoder) unique(f *fields, seen names, name string) {
	if name == "" {
		return
	}
	if first, ok := seen[fold(name)]; ok {
		d.fail(f.values["name"], RuleDuplicate, f.path+".name",
			fmt.Errorf("%s is the name of %s too (case does not tell names apart)", shown(name), first))
		return
	}
	seen[fold(name)] = f.path
}

func checkVersion(digits string) (int, error) {
	if digits != strconv.Itoa(Version) {
		return 0, refuse(nil, "a newer latch may read it", "this latch reads version %d of the format, not %s", Version, shown(digits))
	}
	return Version, nil
}

func readGeneration(digits string) (uint64, error) {
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return 0, errors.New("the number is too large")
	}
	return n, nil
}

func checkKeystore(uri string) error {
	if uri == "" {
		return errors.New("the URI of the keystore is empty")
	}
	if !utf8.ValidString(uri) || strings.ContainsFunc(uri, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return errors.New("the URI of the keystore holds what cannot be printed")
	}
	return nil
}

func clusterKey(text string) (keys.PublicKey, error) { return keys.ParsePublicKey(text, keys.Cluster) }

func readTime(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, refuse(nil, "write it like 2026-11-21T20:55:00Z", "%s is no RFC 3339 time", shown(text))
	}
	return at.UTC(), nil
}

// among judges the name of an issuer that a host signs with.
func among(issuers []Issuer) func(string) error {
	known := make([]string, len(issuers))
	for i, is := range issuers {
		known[i] = is.Name
	}
	set := make(map[string]bool, len(known))
	for _, name := range known {
		set[name] = true
	}
	return func(name string) error {
		if set[name] {
			return nil
		}
		return refuse(ErrNotFound, "latch lattice show lists the issuers", "no issuer is named %s%s", shown(name), suggest(name, known))
	}
}
