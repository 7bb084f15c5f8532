package issuerscmd

import (
	"cmp"
	"context"
	"slices"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile/holder"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/rotation"
)

// checkSigners refuses to begin a rotation without the seeds that hosts sign with now:
// in phase introduce they still do, and no env file could be written for them. Where
// the keys are made elsewhere, their seeds may be there too.
func (a verbs) checkSigners(ctx context.Context, file *lattice.Document, n newKeys) error {
	store, err := a.Keystore()
	if err != nil || len(n.words) > 0 || keystore.HandedIn(store) {
		return err
	}
	m := file.Manifest()
	entries, err := a.KeysOf(ctx, store, m)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(m.MissingSeeds(app.PublicKeys(entries)), func(n lattice.NeededSeed) bool {
		return n.Use.Kind != lattice.UseSigns || !signsAnywhere(m, n.Name)
	})
	if len(missing) == 0 {
		return nil
	}
	lost := missing[0]
	return fault.New(fault.Refused, "no env file could be written for %s: %s does not have the seed of %s (%s)",
		printable.Fold(lost.Use.Hosts, 3), store.URI(), lost.Name, lost.PublicKey).
		WithHint("%s; or, where it is lost, replace it without an overlap: latch issuers rotate emergency --compromised %s",
			bringBack(ctx, file, lost.Name, lost.PublicKey), lost.Name)
}

// signsAnywhere reports whether a host signs with the key whose version heeds keys.
func signsAnywhere(m lattice.Manifest, name string) bool {
	return slices.ContainsFunc(m.Hosts, func(h lattice.Host) bool {
		return h.SignsWith == name && !m.TargetOf(h).IgnoresClusterKeys()
	})
}

// bringBack says how a seed comes back into the keystore: as a rule the env file of a
// host still has it.
func bringBack(ctx context.Context, file *lattice.Document, name string, key keys.PublicKey) string {
	from := cmp.Or(holder.Of(ctx, env.Folder(file.Path()), key), "FILE")
	return "bring the seed back: latch keys import " + app.Word(from) + " --name " + name
}

// checkSeeds refuses a step after which env files cannot be written, since a seed that
// hosts are to sign with cannot be opened. otherwise is what can be done without it.
func (a verbs) checkSeeds(ctx context.Context, file *lattice.Document, m lattice.Manifest, otherwise string) error {
	needed := rotation.SeedsAhead(m)
	if len(needed) == 0 {
		return nil
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	for _, is := range needed {
		if err := a.checkSeed(ctx, file, store, is, otherwise); err != nil {
			return err
		}
	}
	return nil
}

// checkWayBack does the same for a way back, but for a keystore that cannot be looked
// into from here: that may be what people go back for.
func (a verbs) checkWayBack(ctx context.Context, file *lattice.Document, m lattice.Manifest) error {
	err := a.checkSeeds(ctx, file, m, "or go on as before: latch issuers rotate next")
	if fault.Is(err, fault.Locked) || fault.Is(err, fault.Unavailable) {
		a.Say("Whether the keystore has the seeds that hosts will sign with was not checked: %v", err)
		return nil
	}
	return err
}

func (a verbs) checkSeed(ctx context.Context, file *lattice.Document, store keystore.Store, is lattice.Issuer, otherwise string) error {
	seed, err := a.Seed(ctx, store, is.Name)
	defer seed.Wipe()
	const lost = "hosts are to sign with %s, and its seed cannot be had from %s: no env file could be written"
	back := bringBack(ctx, file, is.Name, is.PublicKey)
	if keystore.HandedIn(store) {
		back = "hand the seed in as " + keystore.SeedVariable(is.Name)
	}
	hint := back + "; " + otherwise
	switch {
	case err == nil && seed.PublicKey() == is.PublicKey:
		return nil
	case err == nil:
		return fault.New(fault.Refused, lost+": the seed there is that of %s", is.Name, store.URI(), seed.PublicKey()).WithHint("%s", hint)
	case fault.Is(err, fault.Interrupted):
		return err
	case fault.Is(err, fault.Locked), fault.Is(err, fault.Unavailable):
		return fault.New(fault.KindOf(err), lost, is.Name, store.URI()).Because(err).WithHint("%s", fault.HintOf(err))
	}
	return fault.New(fault.Refused, lost, is.Name, store.URI()).Because(err).WithHint("%s", hint)
}
