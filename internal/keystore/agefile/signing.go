package agefile

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/keys"
)

// signingPurpose keeps what follows from an identity apart from the identity
// itself, and from whatever else may come to follow from it.
const signingPurpose = "latch keystore signing key 1"

// withSecret is an identity from whose secret a signing key can follow. One on a
// hardware token gives none.
type withSecret interface {
	secrets(t *attempt) ([][]byte, error)
}

// Signer is the signing key of an identity at hand that is wanted, for the caller to
// wipe: the zero seed where there is none, and then the public keys of those that
// there are. It follows from the identity, so that who can open files needs no second
// secret to vouch for what they write. Passphrases are asked for only where no other
// identity will do. fault.Locked: one is missing.
func (u *Unlocker) Signer(ctx context.Context, wanted func(keys.PublicKey) bool) (keys.Seed, []keys.PublicKey, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.load(ctx); err != nil {
		return keys.Seed{}, nil, err
	}
	quiet := &attempt{Unlocker: u, ctx: ctx, where: u.subject}
	found, seen, err := u.signer(quiet, wanted)
	if quiet.unasked == "" || err != nil || !found.IsZero() {
		return found, seen, err
	}
	if u.ask == nil {
		return keys.Seed{}, seen, quiet.needsPassphrase(quiet.unasked)
	}
	return u.signer(&attempt{Unlocker: u, ctx: ctx, where: u.subject, asker: u.ask}, wanted)
}

// SigningKeys are the public halves of the signing keys of the identities at hand that
// need no passphrase.
func (u *Unlocker) SigningKeys(ctx context.Context) []keys.PublicKey {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.load(ctx) != nil {
		return nil
	}
	quiet := &attempt{Unlocker: u, ctx: ctx, where: u.subject}
	_, seen, _ := u.signer(quiet, func(keys.PublicKey) bool { return false })
	return seen
}

// signer looks for the key among the identities that the attempt can open.
func (u *Unlocker) signer(t *attempt, wanted func(keys.PublicKey) bool) (found keys.Seed, seen []keys.PublicKey, err error) {
	for _, id := range u.identities {
		has, can := id.(withSecret)
		if !can {
			continue
		}
		secrets, err := has.secrets(t)
		if err != nil && t.unasked == "" {
			return keys.Seed{}, seen, err
		}
		for _, secret := range secrets {
			defer clear(secret)
			seed, err := signingKey(secret)
			if err != nil {
				return keys.Seed{}, seen, err
			}
			if wanted(seed.PublicKey()) {
				return seed, seen, nil
			}
			seen = append(seen, seed.PublicKey())
			seed.Wipe()
		}
	}
	return keys.Seed{}, seen, nil
}

// signingKey follows from a secret and gives nothing of it away.
func signingKey(secret []byte) (keys.Seed, error) {
	const spare = 4 // of the 32 bytes that a key needs, where hosts could not read the first
	raw, err := hkdf.Key(sha256.New, secret, nil, signingPurpose, spare*ed25519.SeedSize)
	if err != nil {
		return keys.Seed{}, fmt.Errorf("failed to derive the signing key: %w", err)
	}
	defer clear(raw)
	return keys.Generate(keys.User, bytes.NewReader(raw))
}

func (p plain) secrets(*attempt) ([][]byte, error) { //nolint:unparam // as other identities
	switch id := p.Identity.(type) {
	case *age.X25519Identity:
		return [][]byte{[]byte(id.String())}, nil
	case *age.HybridIdentity:
		return [][]byte{[]byte(id.String())}, nil
	}
	return nil, nil
}

func (s *sealedFile) secrets(t *attempt) ([][]byte, error) {
	use := &sealedUse{sealedFile: s, attempt: t}
	if err := use.unlock(); err != nil {
		return nil, err
	}
	var all [][]byte
	for _, id := range s.opened {
		if has, can := id.(withSecret); can {
			found, err := has.secrets(t)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	return all, nil
}
