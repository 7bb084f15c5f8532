package keyscmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// loss is how a key is to be taken away from the manifests that need it.
type loss struct {
	store  keystore.Store
	entry  keystore.Entry
	byName bool // only who knows the key by this name loses it
	force  bool // take it away all the same
}

// needs are what manifests use the key for, those in reach and those that are published
// in its keystore, a sentence each, and how to go on with letting nothing use it.
func (a verbs) needs(ctx context.Context, l loss) (sentences []string, way string, err error) {
	files, err := a.ManifestsInReach(ctx)
	if err != nil {
		return nil, "", err
	}
	others, err := published.Besides(ctx, files, l.store)
	if err != nil {
		return nil, "", err
	}
	for _, file := range files {
		if use, needed := l.need(file); needed {
			sentences = append(sentences, fmt.Sprintf("%s: %s", file.Path(), use))
			way = cmp.Or(way, wayOut(file.Manifest(), use))
		}
	}
	way = cmp.Or(way, "publish a manifest that does without it: latch lattice publish")
	for _, other := range others {
		if use, needed := l.need(other); needed {
			sentences = append(sentences, fmt.Sprintf("%s: %s", other.Path(), use))
		}
	}
	return sentences, way, nil
}

// need is the most pressing thing that a manifest uses the key for.
func (l loss) need(file *lattice.Document) (use lattice.Use, needed bool) {
	for _, use := range file.Manifest().NeedsOf(l.entry.Name, l.entry.PublicKey) {
		if !l.byName || use.Name == l.entry.Name {
			return use, true
		}
	}
	return lattice.Use{}, false
}

// wayOut is what to do in order that a manifest needs a key no more.
func wayOut(m lattice.Manifest, use lattice.Use) string {
	switch issued := m.NATSUsers.Signer != "" || m.NATSUsers.Operator != ""; {
	case use.Kind == lattice.UseLogsIn && issued && len(use.Hosts) == 1:
		return fmt.Sprintf("give the host another user first: latch nats users issue %s --renew", use.Hosts[0])
	case use.Kind == lattice.UseLogsIn:
		return "let the manifest name the seed of another user first"
	case use.Kind == lattice.UseIssues:
		return "have another key sign first: latch nats users issue --help"
	case use.Kind == lattice.UseIssuer:
		return "let no host accept it first: latch issuers remove " + use.Name
	case m.Rotation != nil:
		return "let nothing use it first: latch issuers rotate status, and go on to its end"
	}
	return "let nothing use it first: latch issuers rotate start, and go on to its end"
}

// checkUnused refuses to take away a key that a manifest needs or, if forced, says
// what breaks.
func (a verbs) checkUnused(ctx context.Context, l loss) error {
	needs, way, err := a.needs(ctx, l)
	switch {
	case fault.Is(err, fault.Interrupted):
		return err
	case err != nil && l.force:
		a.Warn("whether a host uses the key is not known: %v", err)
		return nil
	case err != nil:
		err = fmt.Errorf("cannot tell whether a host uses the key: %w", err)
		return fault.Hint(fault.As(fault.Refused, err), "fix the manifest, or add --force to do it anyway")
	case l.force:
		for _, need := range needs {
			a.Warn("%s", need)
		}
		return nil
	case len(needs) > 0:
		return fault.New(fault.Refused, "%s", strings.Join(needs, "\n")).
			WithHint("%s; or, if that is meant, add --force", way)
	}
	return nil
}

// takeAway does what was confirmed, if it still is what it was: nothing has come to
// need the key since, and nobody makes the manifest in use need it meanwhile.
func (a verbs) takeAway(ctx context.Context, l loss, do func() error) error {
	if l.force {
		return do()
	}
	if file, err := a.Manifest(); err == nil {
		release, err := safefile.Lock(ctx, file.Path())
		switch {
		case err == nil:
			defer release()
		case !errors.Is(err, fs.ErrPermission): // where nobody may write, nobody else does
			return err
		}
	}
	if err := a.checkUnused(ctx, l); err != nil {
		return err
	}
	return do()
}
