package invocation

import (
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
)

func signWith(seed keys.Seed, text []byte) ([]byte, error) {
	kp, err := nkeys.FromSeed(seed.Reveal())
	if err != nil {
		return nil, err
	}
	return kp.Sign(text)
}
