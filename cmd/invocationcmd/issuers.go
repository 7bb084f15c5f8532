package invocationcmd

import (
	"context"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// accepted is whose calls are accepted, by whom, and where that is written.
type accepted struct {
	keys    []string // as texts, since hosts compare them so
	source  string
	host    wasmcloud.Target  // what the one host runs, zero where there is none or nobody says
	lattice *lattice.Manifest // nil without a manifest
}

// accepted finds the issuers: those given, those of an env file, or those of the
// manifest. A manifest at hand also names keys.
func (a verbs) accepted(ctx context.Context, o verifyOptions) (accepted, error) {
	if err := o.check(); err != nil {
		return accepted{}, err
	}
	doc, err := a.Manifest()
	by := accepted{source: "--issuers"}
	if err == nil {
		m := doc.Manifest()
		by.lattice = &m
	}
	switch {
	case o.issuers != "":
		by.keys = strings.Split(o.issuers, ",")
		return by, nil
	case o.envFile != "":
		by.source = o.envFile
		err := a.fromFile(ctx, &by, o)
		return by, err
	case err == nil && o.running != "":
		by.source = "the running host " + o.running
		by.keys, err = a.acceptedNow(ctx, *by.lattice, o)
		by.host = by.lattice.TargetByName()(o.running)
		return by, err
	case err != nil:
		return accepted{}, fault.Hint(err, "give --issuers C…,C… or --env FILE, or a manifest with -m")
	}
	by.source, by.keys = doc.Path(), texts(by.lattice.Accepted())
	return by, nil
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

// fromFile adds what the host that an env file is for accepts, and what it runs.
func (a verbs) fromFile(ctx context.Context, by *accepted, o verifyOptions) error {
	reading, err := envfile.ParseReading(o.readBy)
	if err != nil {
		return err
	}
	said := o.saidTarget()
	options := envfile.Options{Reading: reading, Stdin: a.Sys.Stdin, Settle: a.Settle, Reads: a.TraceRead}
	switch {
	case !said.IsZero():
		options.Target = func(string) wasmcloud.Target { return said }
	case by.lattice != nil:
		options.Target = by.lattice.TargetByName()
	}
	hosts, findings, err := envfile.Load(ctx, []string{o.envFile}, options)
	defer envfile.Wipe(hosts)
	switch {
	case err != nil:
		return err
	case len(findings) > 0:
		return fault.New(fault.Failed, "%s cannot be read", o.envFile).WithHint("latch env check %s", o.envFile)
	}
	if telling := judge.Telling(hosts); len(telling) > 0 {
		hosts = telling
	}
	if len(hosts) != 1 {
		return fault.New(fault.Failed, "%s is for %d hosts, not for one", o.envFile, len(hosts)).WithHint("give --issuers C…,C…")
	}
	host := hosts[0]
	if !said.IsZero() {
		host.Target = said
	}
	by.host = host.Target
	by.keys, err = judge.Accepted(host)
	return err
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
