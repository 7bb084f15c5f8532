package invocation

import (
	"errors"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/invocation/multiples"
)

// Verifier judges messages as a target does. One Verifier is for one goroutine.
type Verifier struct {
	as      Target
	issuers []string
	seen    *Window
	row     verifier
	keys    keyCache
	tables  *multiples.Tables
}

// NewVerifier makes a verifier that accepts the calls of these issuers: public
// keys as texts, which hosts compare as they stand. seen remembers invocations
// for the check of replays, which only Strict has; nil leaves it out.
func NewVerifier(as Target, issuers []string, seen *Window) *Verifier {
	return &Verifier{as: as, issuers: issuers, seen: seen, row: as.verifier(), keys: keyCache{}, tables: multiples.New()}
}

// Share gives another verifier like v, for another goroutine. Both use the same
// tables of issuers, and neither sees replays: those are for one goroutine alone.
func (v *Verifier) Share() *Verifier {
	other := NewVerifier(v.as, v.issuers, nil)
	other.tables = v.tables
	return other
}

// subject is a message under judgement, with all that checks look at.
type subject struct {
	*Verifier
	Message
	now     time.Time
	token   token
	behind  int  // bytes behind the message
	genuine bool // whether the signature is the issuer's
	hash    string
	clean   bool // whether every check has passed so far
	alone   bool // whether the token came without its message
}

// check is one thing that a verifier looks at.
type check struct {
	name  string
	judge func(*subject) Check
}

// Verify judges a message in MessagePack at a time, by which tokens expire.
func (v *Verifier) Verify(data []byte, now time.Time) Report {
	m, behind, err := decode(data, v.row.layout)
	if err != nil {
		return Report{As: v.as, Checks: []Check{v.unreadable(err)}, Message: &m}.conclude()
	}
	return v.judge(&subject{Verifier: v, Message: m, behind: behind, now: now})
}

// Judge judges an input in whatever form it came.
func (v *Verifier) Judge(in Input, now time.Time) Report {
	switch {
	case in.Raw != nil:
		return v.Verify(in.Raw, now)
	case in.Message != nil:
		return v.VerifyMessage(*in.Message, now)
	default:
		return v.VerifyToken(in.Token, now)
	}
}

// VerifyMessage judges a message that was taken apart already.
func (v *Verifier) VerifyMessage(m Message, now time.Time) Report {
	return v.judge(&subject{Verifier: v, Message: m, now: now})
}

// VerifyToken judges a token whose message is not at hand: what needs the message
// is skipped.
func (v *Verifier) VerifyToken(token string, now time.Time) Report {
	return v.judge(&subject{Verifier: v, Message: Message{Claims: token}, now: now, alone: true})
}

func (v *Verifier) judge(s *subject) Report {
	s.token = takeApart(s.Message.Claims, v.row.segment)
	s.token.key, s.token.keyErr = v.keys.read(s.token.claims.Issuer)
	s.genuine = s.token.keyErr == nil && v.tables.Verify(s.token.key.raw, s.token.signed(), s.token.signature)
	s.hash, s.clean = s.Message.Hash(), true
	report := Report{As: v.as, Message: &s.Message, Checks: make([]Check, 1, len(v.row.checks)+1)}
	report.Checks[0] = pass(checkDecode)
	if s.alone {
		report.Message = nil
	}
	if s.token.claimsErr == nil {
		report.Claims = &s.token.claims
	}
	for _, c := range v.row.checks {
		done := Check{State: Skipped, Why: "only the token is at hand"}
		if !s.alone || !needsMessage(c.name) {
			done = c.judge(s)
		}
		done.Name = c.name
		s.clean = s.clean && done.State != Failed && done.State != Unknown
		report.Checks = append(report.Checks, done)
	}
	return report.conclude()
}

// needsMessage tells whether a check looks at more than the token.
func needsMessage(name string) bool {
	return slices.Contains([]string{
		checkHostID, checkTarget, checkOrigin, checkHash, checkPayload, checkID, checkReplay,
	}, name)
}

// unreadable is the failed check of a message that cannot be decoded.
func (v *Verifier) unreadable(err error) Check {
	host := err.Error()
	if v.as == OTP {
		host = "Failed to de-serialize: " + host
	}
	return Check{Name: checkDecode, State: Failed, Why: "the message cannot be read", Host: host}
}

func pass(name string) Check { return Check{Name: name, State: Passed} }

// fails is a failed check in the verifier's words.
func fails(host, why string) Check { return Check{State: Failed, Host: host, Why: why} }

// compared passes where wanted and found are the same.
func compared(wanted, found, host, why string) Check {
	c := Check{State: Passed, Wanted: wanted, Found: found}
	if wanted != found {
		c.State, c.Host, c.Why = Failed, host, why
	}
	return c
}

// unknown is a check whose ground cannot be read.
func unknown() Check { return Check{State: Unknown} }

// fromError is a failed check for an error, a panic where the error is a crash.
func fromError(err error, prefix, why string) Check {
	var down *crash
	if errors.As(err, &down) {
		return Check{State: Failed, Host: down.text, Why: "this takes the verifier itself down", panics: true}
	}
	return fails(prefix+err.Error(), why)
}
