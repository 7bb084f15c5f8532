package issuerscmd

import (
	"context"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// checkSeeds refuses a step after which env files cannot be written, since the
// keystore lacks a seed that hosts are to sign with. A keystore that cannot be
// looked into from here, as in a job that has no secrets, is said and passes.
func (a verbs) checkSeeds(ctx context.Context, m lattice.Manifest) error {
	store, err := a.Keystore()
	if err == nil {
		_, err = store.List(ctx)
	}
	if err != nil {
		a.Say("Whether the keystore has the seeds that hosts will sign with was not checked: %v", err)
		return nil
	}
	for _, is := range rotation.SeedsAhead(m) {
		if err := a.checkSeed(ctx, store, is); err != nil {
			return err
		}
	}
	return nil
}

func (a verbs) checkSeed(ctx context.Context, store keystore.Store, is lattice.Issuer) error {
	seed, err := store.Get(ctx, is.Name)
	defer seed.Wipe()
	const lost = "hosts are to sign with %s, and its seed cannot be had from %s: no env file could be written"
	const hint = "bring the seed back: latch keys import --name %s; or go back: latch issuers rotate abort"
	switch {
	case fault.Is(err, fault.Interrupted):
		return err
	case fault.Is(err, fault.Locked), fault.Is(err, fault.Unavailable):
		a.Say("Whether the seed of %s can be opened was not checked: %v", is.Name, err)
		return nil
	case err != nil:
		return fault.New(fault.Refused, lost, is.Name, store.URI()).Because(err).WithHint(hint, is.Name)
	case seed.PublicKey() != is.PublicKey:
		return fault.New(fault.Refused, lost+": the seed there is that of %s", is.Name, store.URI(), seed.PublicKey()).WithHint(hint, is.Name)
	}
	return nil
}
