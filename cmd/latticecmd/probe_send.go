package latticecmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/probe"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// probing is one probe, from what is known of the hosts to the answer.
type probing struct {
	verbs
	file  *lattice.Document
	m     lattice.Manifest
	o     probeOptions
	asker *live.Asker
}

// signsWith is the key that a host says it signs with; what does not say runs as it
// was told.
func (p probing) signsWith(from wasmbus.Row) keys.PublicKey {
	if from.Reply.Signs.IsZero() {
		return from.Want.Signs
	}
	return from.Reply.Signs
}

// callee finds what to call on a host, and who else may answer for it: an actor or a
// provider that runs there alone, if there is one.
func (p probing) callee(ctx context.Context, s wasmbus.Status, to wasmbus.Row) (probe.Callee, []string, error) {
	if p.o.actor != "" {
		key, err := keys.ParsePublicKey(p.o.actor, keys.Module)
		return probe.Callee{Key: key.String()}, []string{}, err
	}
	own, err := p.asker.TakeStock(ctx, to.Reply.Key)
	if err != nil {
		return probe.Callee{}, nil, err
	}
	candidates := callees(own)
	if len(candidates) == 0 {
		return probe.Callee{}, nil, fault.New(fault.NotFound, "neither an actor nor a provider runs on %s: there is nothing to call", to.Host).
			WithHint("latch lattice status tells what the host says it accepts")
	}
	others := map[probe.Callee][]string{}
	for _, row := range s.Rows {
		if row.Reply == nil || row.Reply.Ignores || row.Reply.Key == to.Reply.Key {
			continue
		}
		stock, err := p.asker.TakeStock(ctx, row.Reply.Key)
		if err != nil {
			p.Warn("what runs on %s is not known: %v", row.Host, err)
			continue
		}
		for _, c := range callees(stock) {
			others[c] = append(others[c], row.Host)
		}
	}
	best := slices.MinFunc(candidates, func(a, b probe.Callee) int { return len(others[a]) - len(others[b]) })
	return best, append([]string{}, others[best]...), nil
}

// callees are what can be called of a host, actors first.
func callees(stock wasmbus.Inventory) []probe.Callee {
	var all []probe.Callee
	for _, actor := range stock.Actors {
		all = append(all, probe.Callee{Key: actor.ID})
	}
	if len(all) > 0 {
		return all
	}
	for _, provider := range stock.Providers {
		if provider.Link != "" {
			all = append(all, probe.Callee{Key: provider.ID, Link: provider.Link, Contract: provider.Contract})
		}
	}
	return all
}

// send asks, sends the call, and reads the answer.
func (p probing) send(ctx context.Context, from, to wasmbus.Row, doc *probeDocument) error {
	seed, name, err := p.seed(ctx, from)
	if err != nil {
		return err
	}
	defer seed.Wipe()
	doc.Issuer, doc.Subject = name, doc.Callee.Subject(p.m.Lattice)
	sender := probe.Sender{
		HostID: probe.HostIDOf(isOTP(from, p.m), from.Reply.Key.String(), doc.PublicKey.String()), Signer: seed, Issuer: doc.PublicKey.String(),
	}
	now := p.Sys.Now()
	call, err := probe.Call(doc.Callee, sender, uint64(now.Unix()), p.Sys.Random)
	if err != nil {
		return err
	}
	doc.ID = call.ID
	data, err := invocation.Encode(call)
	if err != nil {
		return err
	}
	question := fmt.Sprintf("Send one call of %s to %s on %s, signed with %s? It does nothing.", from.Host, doc.Callee.Key, to.Host, name)
	if err := p.Confirm(ctx, question); err != nil {
		return err
	}
	conn, end, err := p.o.For(wasmcloud.RPC).Open(ctx, p.App, nil)
	if err != nil {
		return err
	}
	defer end()
	answer, err := wasmbus.Call(ctx, conn, doc.Subject, data, p.o.Timeout())
	if err != nil {
		return err
	}
	response, err := invocation.DecodeResponse(answer)
	if err != nil {
		doc.Outcome, doc.Why = probe.Unclear, "the answer cannot be read: "+err.Error()
		return nil
	}
	read := probe.Read(call, response)
	doc.OK, doc.Outcome, doc.Why, doc.Host = read.Outcome == probe.Accepted, read.Outcome, read.Why, read.Said
	p.compare(to, data, doc)
	return nil
}

// seed is that of the key which the host signs with.
func (p probing) seed(ctx context.Context, from wasmbus.Row) (keys.Seed, string, error) {
	key := p.signsWith(from)
	issuer, known := p.m.IssuerOf(key)
	if !known {
		issuer, known = p.m.RetiredOf(key)
	}
	if !known {
		return keys.Seed{}, "", fault.New(fault.NotFound, "%s signs with %s, which is no key of the manifest: latch has no seed to sign with", from.Host, key).
			WithHint("latch lattice status")
	}
	store, err := p.KeystoreOf(p.file)
	if err != nil {
		return keys.Seed{}, "", err
	}
	seed, err := p.Seed(ctx, store, issuer.Name)
	switch {
	case err != nil:
		return keys.Seed{}, "", app.WithNames(ctx, err, store, issuer.Name)
	case seed.PublicKey() != key:
		seed.Wipe()
		return keys.Seed{}, "", fault.New(fault.Failed, "%s in %s is another key than the manifest's", issuer.Name, store.URI()).WithHint("latch keystore check")
	}
	if err := wasmcloud.RefusePublished(key); err != nil {
		seed.Wipe()
		return keys.Seed{}, "", err
	}
	return seed, issuer.Name, nil
}

// compare makes the check here too, by the issuers that the host says it accepts:
// where it refuses it tells why, and where it decides otherwise something is wrong.
func (p probing) compare(to wasmbus.Row, call []byte, doc *probeDocument) {
	if !to.Reply.Tells {
		return
	}
	var issuers []string
	for _, key := range to.Reply.Accepts {
		issuers = append(issuers, key.String())
	}
	report := invocation.NewVerifier(verifierOf(to, doc.Callee, p.m), issuers, nil).Verify(call, p.Sys.Now())
	why := invocation.Context{Manifest: &p.m, Issuers: issuers, Source: "the running host " + to.Host}
	switch accepted := report.Verdict == invocation.Accepted; {
	case doc.Outcome == probe.Refused && !accepted:
		doc.Cause = why.Cause(report)
		if doc.Cause == "" {
			doc.Cause = report.First.Why
		}
	case doc.Outcome == probe.Refused:
		doc.Cause = "by the issuers that " + to.Host + " says it accepts it should have been accepted: what was called may run with older ones, as providers do until they restart"
	case doc.Outcome == probe.Accepted && !accepted:
		doc.Cause = "by the issuers that " + to.Host + " says it accepts it should have been refused (" + report.First.Name + "): another host may have answered"
	}
}
