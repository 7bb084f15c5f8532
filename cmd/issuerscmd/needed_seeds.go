package issuerscmd

import (
	"context"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// checkSeeds refuses a step after which env files cannot be written, since a seed that
// hosts are to sign with cannot be opened.
func (a verbs) checkSeeds(ctx context.Context, m lattice.Manifest) error {
	needed := rotation.SeedsAhead(m)
	if len(needed) == 0 {
		return nil
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	for _, is := range needed {
		if err := a.checkSeed(ctx, store, is); err != nil {
			return err
		}
	}
	return nil
}

// checkWayBack does the same for a way back, but for a keystore that cannot be looked
// into from here: that may be what people go back for.
func (a verbs) checkWayBack(ctx context.Context, m lattice.Manifest) error {
	err := a.checkSeeds(ctx, m)
	if fault.Is(err, fault.Locked) || fault.Is(err, fault.Unavailable) {
		a.Say("Whether the keystore has the seeds that hosts will sign with was not checked: %v", err)
		return nil
	}
	return err
}

func (a verbs) checkSeed(ctx context.Context, store keystore.Store, is lattice.Issuer) error {
	seed, err := a.Seed(ctx, store, is.Name)
	defer seed.Wipe()
	const lost = "hosts are to sign with %s, and its seed cannot be had from %s: no env file could be written"
	back := "bring the seed back: latch keys import --name " + is.Name
	if keystore.HandedIn(store) {
		back = "hand the seed in as " + keystore.SeedVariable(is.Name)
	}
	hint := back + "; or go back: latch issuers rotate abort"
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
