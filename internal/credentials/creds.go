package credentials

import (
	"bytes"
	"context"
	"fmt"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rawtext"
	"github.com/latch-keys/latch/internal/safefile"
)

// The lines around the two parts of a credentials file. Source: nats-io/jwt v2
// creds_utils.go; the odd number of hyphens is theirs.
const (
	jwtBegins  = "-----BEGIN NATS USER JWT-----"
	jwtEnds    = "------END NATS USER JWT------"
	seedBegins = "-----BEGIN USER NKEY SEED-----"
	seedEnds   = "------END USER NKEY SEED------"
)

// ReadFile reads the login in a NATS credentials file, which may be one that a
// container is given. Its seed is the caller's to wipe.
func ReadFile(ctx context.Context, path string) (Login, error) {
	text, err := safefile.ReadHanded(ctx, path, mostLogin)
	if err != nil {
		return Login{}, err
	}
	defer clear(text)
	login, err := parseCreds(text)
	if err != nil {
		return Login{}, fmt.Errorf("%s: %w", path, err)
	}
	return login, nil
}

// ReadSeedFile reads the login of a user whose seed alone stands in a file. The seed
// is the caller's to wipe.
func ReadSeedFile(ctx context.Context, path string) (Login, error) {
	text, err := safefile.ReadHanded(ctx, path, mostLogin)
	if err != nil {
		return Login{}, err
	}
	defer clear(text)
	seed, err := keys.ParseSeed(bytes.TrimSpace(text), keys.User)
	if err != nil {
		return Login{}, fmt.Errorf("%s: %w", path, err)
	}
	return pair(seed, lattice.UserJWT{})
}

// parseCreds reads a NATS credentials file, for hosts that read none: a user's
// JWT and seed. Each part is one line between its own two, the JWT first: NATS'
// own readers go by the order. What stands elsewhere is for people. The seed is
// the caller's to wipe. Errors repeat nothing of the text.
func parseCreds(text []byte) (Login, error) {
	if flaw := rawtext.Check(text); flaw != nil {
		return Login{}, fault.New(fault.Failed, "this is no credentials file: %s", flaw.Message).WithHint("%s", flaw.Hint)
	}
	if rawtext.HasMark(text) {
		return Login{}, fault.New(fault.Failed, "a byte order mark opens it, which NATS's readers do not take").
			WithHint("save the file as UTF-8 without a byte order mark")
	}
	jwt, jwtAt, err := section(text, jwtBegins, jwtEnds)
	if err != nil {
		return Login{}, err
	}
	line, seedAt, err := section(text, seedBegins, seedEnds)
	if err != nil {
		return Login{}, err
	}
	switch {
	case seedAt < jwtAt:
		return Login{}, notCreds("the seed stands before the JWT, where NATS looks for the JWT")
	case fences(text) != 4:
		return Login{}, notCreds("more lines of hyphens stand in it than the four around the JWT and the seed")
	}
	seed, err := keys.ParseSeed(line, keys.User)
	if err != nil {
		return Login{}, notCreds("%v", err)
	}
	login, err := User(seed, string(jwt))
	if err != nil {
		seed.Wipe()
		return Login{}, notCreds("%v", err)
	}
	return login, nil
}

// fences counts the lines that NATS' own readers may take for the begin or the
// end of a part.
func fences(text []byte) int {
	count := 0
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("---")) {
			count++
		}
	}
	return count
}

// section is the one line between two others, which stand there once, and its
// place among the lines.
func section(text []byte, begins, ends string) (found []byte, place int, err error) {
	times := 0
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimSuffix(line, []byte("\r"))
	}
	for i, line := range lines {
		if string(line) != begins {
			continue
		}
		if i+2 >= len(lines) || string(lines[i+2]) != ends {
			return nil, 0, notCreds("line %d is %q, but line %d is not %q", i+1, begins, i+3, ends)
		}
		found, place = lines[i+1], i+1
		times++
	}
	if times != 1 {
		return nil, 0, notCreds("the line %q stands there %d times", begins, times)
	}
	return found, place, nil
}

func notCreds(format string, args ...any) error {
	return fault.New(fault.Failed, "this is no credentials file: %s", fmt.Sprintf(format, args...)).
		WithHint("nsc generate creds makes one")
}

// FormatCreds is a user's credentials file, as NATS' own readers take it. The text
// holds the seed and is the caller's to clear.
func FormatCreds(jwt string, seed keys.Seed) []byte {
	secret := seed.Reveal()
	defer clear(secret)
	var text bytes.Buffer
	const lines = 512           // more than all but the JWT take
	text.Grow(len(jwt) + lines) // a buffer that grows leaves the seed where it was
	for _, line := range [][]byte{[]byte(jwtBegins), []byte(jwt), []byte(jwtEnds), nil, []byte(seedBegins), secret, []byte(seedEnds)} {
		text.Write(line)
		text.WriteByte('\n')
	}
	return text.Bytes()
}
