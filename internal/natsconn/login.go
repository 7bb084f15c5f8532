package natsconn

import (
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/keys"
)

// Login is how a connection proves who it is. The zero Login proves nothing.
type Login struct {
	// JWT is a user's, proved by Seed; without it the server knows the seed's
	// public key itself.
	JWT  string
	Seed keys.Seed

	Name, Password string // a user by name
	Token          string
}

// IsZero reports whether the login proves nothing.
func (l Login) IsZero() bool {
	return l.JWT == "" && l.Seed.PublicKey().IsZero() && l.Name == "" && l.Password == "" && l.Token == ""
}

// options hand the login to the library. The seed stays here: the library is
// given a function that signs.
func (l Login) options() []nats.Option {
	sign := func(nonce []byte) ([]byte, error) { return l.Seed.Sign(nonce) }
	switch {
	case l.JWT != "" && l.Seed.IsZero(): // a bearer's
		return []nats.Option{nats.UserJWT(l.userJWT, func([]byte) ([]byte, error) { return nil, nil })}
	case l.JWT != "":
		return []nats.Option{nats.UserJWT(l.userJWT, sign)}
	case !l.Seed.IsZero():
		return []nats.Option{nats.Nkey(l.Seed.PublicKey().String(), sign)}
	case l.Token != "":
		return []nats.Option{nats.Token(l.Token)}
	case l.Name != "":
		return []nats.Option{nats.UserInfo(l.Name, l.Password)}
	}
	return nil
}

func (l Login) userJWT() (string, error) { return l.JWT, nil }
