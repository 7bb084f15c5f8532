package invocationcmd

import (
	"context"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// accepted is whose calls are accepted, and where that is written.
type accepted struct {
	keys    []string // as texts, since hosts compare them so
	source  string
	lattice *lattice.Manifest // nil without a manifest
}

// accepted finds the issuers: those given, those of an env file, or those of the
// manifest. A manifest at hand also names keys.
func (a verbs) accepted(ctx context.Context, o verifyOptions) (accepted, error) {
	doc, err := a.Manifest()
	var known *lattice.Manifest
	if err == nil {
		m := doc.Manifest()
		known = &m
	}
	switch {
	case o.issuers != "":
		return accepted{strings.Split(o.issuers, ","), "--issuers", known}, nil
	case o.envFile != "":
		keys, err := a.acceptedBy(ctx, o.envFile)
		return accepted{keys, o.envFile, known}, err
	case err != nil:
		return accepted{}, fault.Hint(err, "give --issuers C…,C… or --env FILE, or a manifest with -m")
	}
	var keys []string
	for _, key := range known.Accepted() {
		keys = append(keys, key.String())
	}
	return accepted{keys, doc.Path(), known}, nil
}

// acceptedBy are the issuers of the host that an env file is for.
func (a verbs) acceptedBy(ctx context.Context, path string) ([]string, error) {
	hosts, findings, err := envfile.Load(ctx, []string{path}, envfile.Options{Stdin: a.Sys.Stdin, Settle: a.Settle, Reads: a.TraceRead})
	defer envfile.Wipe(hosts)
	switch {
	case err != nil:
		return nil, err
	case len(findings) > 0:
		return nil, fault.New(fault.Failed, "%s cannot be read", path).WithHint("latch env check %s", path)
	case len(hosts) != 1:
		return nil, fault.New(fault.Failed, "%s is for %d hosts, not for one", path, len(hosts)).WithHint("give --issuers C…,C…")
	}
	entry, set := hosts[0].Lookup(wasmcloud.ClusterIssuers)
	if !set {
		return nil, fault.New(fault.Failed, "%s sets no issuers", path).WithHint("latch env check %s", path)
	}
	return strings.Split(string(entry.Value()), ","), nil
}

// name is what the manifest calls a key, "" for nothing.
func (l accepted) name(key string) string {
	if l.lattice == nil {
		return ""
	}
	for _, issuer := range l.lattice.Issuers {
		if issuer.PublicKey.String() == key {
			return issuer.Name
		}
	}
	return ""
}
