package credentials

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Login is how a host proves to NATS who it is: a user's seed, with the user's
// JWT where the server wants one; or a credentials file that the host reads
// itself. The zero Login proves nothing.
type Login struct {
	jwt  string
	seed keys.Seed
	file string
}

// Logins are those of one host, by what it connects for.
type Logins map[wasmcloud.Purpose]Login

// User is the login of a user by its seed and, unless that is empty, its JWT.
// It refuses a pair that the server would let nobody in with: a seed that is no
// user's, or a JWT issued to another user. The seed stays the caller's to wipe.
func User(seed keys.Seed, jwt string) (Login, error) {
	if jwt == "" {
		return pair(seed, lattice.UserJWT{})
	}
	user, err := lattice.ParseUserJWT(jwt)
	if err != nil {
		return Login{}, err
	}
	return pair(seed, user)
}

// pair is the login by a seed and the JWT, if there is one.
func pair(seed keys.Seed, user lattice.UserJWT) (Login, error) {
	switch {
	case seed.IsZero():
		return Login{}, fault.New(fault.Failed, "the seed is not at hand")
	case seed.Kind() != keys.User:
		return Login{}, fault.New(fault.Refused, "the seed of %s is a %s seed, not a user's", seed.PublicKey(), seed.Kind()).
			WithHint("a user's seed starts with SU: name its key as seed")
	case user.Text != "" && user.Subject != seed.PublicKey():
		return Login{}, fault.New(fault.Refused, "the seed is that of %s, but the JWT was issued to %s", seed.PublicKey(), user.Subject).
			WithHint("the server would refuse the pair: name the seed of that user, or a JWT issued to this one")
	}
	return Login{jwt: user.Text, seed: seed}, nil
}

// File is the login by a credentials file, for hosts that read it themselves.
func File(path string) Login { return Login{file: path} }

// JWT is the user's JWT, empty where the seed alone does.
func (l Login) JWT() string { return l.jwt }

// Seed is the user's seed, zero where the host reads it from a file.
func (l Login) Seed() keys.Seed { return l.seed }

// File is the path of the credentials file, empty where there is none to read.
func (l Login) File() string { return l.file }

// NATS is the login as latch itself connects with it, zero where it stands in a
// file.
func (l Login) NATS() natsconn.Login { return natsconn.Login{JWT: l.jwt, Seed: l.seed} }
