package env

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// ErrCreds says that a text is no NATS credentials file.
var ErrCreds = errors.New("no credentials file")

// The lines around the two parts of a credentials file. Source: nats-io/jwt v2
// creds_utils.go; the odd number of hyphens is theirs.
const (
	jwtBegins  = "-----BEGIN NATS USER JWT-----"
	jwtEnds    = "------END NATS USER JWT------"
	seedBegins = "-----BEGIN USER NKEY SEED-----"
	seedEnds   = "------END USER NKEY SEED------"
)

// ParseCreds splits a NATS credentials file into a user's JWT and seed, for
// hosts that read none. Each part is one line between its own two, the JWT first:
// NATS' own readers go by the order. What stands elsewhere is for people. The seed
// is the caller's to wipe. Errors match ErrCreds and repeat nothing of the text.
func ParseCreds(text []byte) (Login, error) {
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
	case rulers(text) != 4:
		return Login{}, notCreds("more lines of hyphens stand in it than the four around the JWT and the seed")
	}
	if _, err := lattice.ParseUserJWT(string(jwt)); err != nil {
		return Login{}, notCreds("%v", err)
	}
	seed, err := keys.ParseSeed(line, keys.User)
	if err != nil {
		return Login{}, notCreds("%v", err)
	}
	return Login{JWT: string(jwt), Seed: seed}, nil
}

// rulers counts the lines that NATS' own readers may take for the begin or the
// end of a part.
func rulers(text []byte) int {
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
	return &problem{
		cause:   ErrCreds,
		message: "this is no credentials file: " + fmt.Sprintf(format, args...),
		hint:    "nsc generate creds makes one",
	}
}
