package invocationcmd

import (
	"context"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
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
	case err == nil && o.running != "":
		keys, err := a.acceptedNow(ctx, *known, o)
		return accepted{keys, "the running host " + o.running, known}, err
	case err != nil:
		return accepted{}, fault.Hint(err, "give --issuers C…,C… or --env FILE, or a manifest with -m")
	}
	return accepted{texts(known.Accepted()), doc.Path(), known}, nil
}

// acceptedNow are the issuers that a running host says it accepts.
func (a verbs) acceptedNow(ctx context.Context, m lattice.Manifest, o verifyOptions) ([]string, error) {
	if _, known := m.Host(o.running); !known {
		return nil, m.NoHost(o.running)
	}
	asker, end, err := o.live.Open(ctx, a.App, m, nil)
	if err != nil {
		return nil, err
	}
	defer end()
	status, err := asker.Look(ctx)
	if err == nil {
		err = asker.Unseen(status)
	}
	if err != nil {
		return nil, err
	}
	for _, row := range status.Rows {
		if row.Host != o.running || !row.Member || row.Reply == nil {
			continue
		}
		if !row.Reply.Tells {
			return nil, fault.New(fault.Unavailable, "%s runs version %s, which does not tell what it accepts", o.running, row.Reply.Version).
				WithHint("--env takes the file that the host was started with")
		}
		return append(texts(row.Reply.Accepts), row.Reply.Odd...), nil
	}
	return nil, fault.New(fault.Unavailable, "%s did not answer", o.running).WithHint("latch lattice status")
}

func texts(issuers keys.Issuers) []string {
	var all []string
	for _, key := range issuers {
		all = append(all, key.String())
	}
	return all
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
