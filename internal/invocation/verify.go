package invocation

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/invocation/multiples"
	"github.com/latch-keys/latch/internal/keys"
)

// Verifier judges messages as a target does. One Verifier is for one goroutine.
type Verifier struct {
	as      Target
	issuers []string
	wanted  string // the issuers as one text
	seen    *Window
	row     verifier
	keys    cache[hostKey]
	sound   cache[keys.PublicKey]
	tables  *multiples.Tables
}

// NewVerifier makes a verifier that accepts the calls of these issuers: public
// keys as texts, which hosts compare as they stand. seen remembers invocations
// for the check of replays, which only Strict has; nil leaves it out.
func NewVerifier(as Target, issuers []string, seen *Window) *Verifier {
	return &Verifier{
		as: as, issuers: issuers, wanted: strings.Join(issuers, ","), seen: seen, row: as.verifier(),
		keys: newCache(readHostKey), sound: newCache(soundKey), tables: multiples.New(),
	}
}

// Share gives another verifier like v, for another goroutine. Both use the same
// tables of issuers, and see the same replays.
func (v *Verifier) Share() *Verifier {
	other := NewVerifier(v.as, v.issuers, v.seen)
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
	clean   bool // whether every check has passed so far
	alone   bool // whether the token came without its message

	originURL, targetURL, hash string // those of the message
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
		return v.undecodable(&m, err)
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

// VerifyAll is Verify of each message, in their order. Together they are verified
// faster: see multiples.Tables.VerifyAll.
func (v *Verifier) VerifyAll(messages [][]byte, now time.Time) []Report {
	reports := make([]Report, len(messages))
	subjects := make([]*subject, len(messages))
	signatures := make([]multiples.Signature, len(messages))
	for i, data := range messages {
		m, behind, err := decode(data, v.row.layout)
		if err != nil {
			reports[i] = v.undecodable(&m, err)
			continue
		}
		subjects[i] = &subject{Verifier: v, Message: m, behind: behind, now: now}
		signatures[i] = subjects[i].read()
	}
	for i, genuine := range v.tables.VerifyAll(signatures) {
		if s := subjects[i]; s != nil {
			s.genuine = s.token.keyErr == nil && genuine
			reports[i] = s.check()
		}
	}
	return reports
}

func (v *Verifier) judge(s *subject) Report {
	signature := s.read()
	s.genuine = s.token.keyErr == nil && v.tables.Verify(signature)
	return s.check()
}

// read takes the message's token apart, and gives the signature to verify: none
// where no key can be read.
func (s *subject) read() multiples.Signature {
	s.token = takeApart(s.Message.Claims, s.row.segment)
	s.token.key, s.token.keyErr = s.keys.parse(s.token.claims.Issuer)
	s.originURL, s.targetURL = s.OriginURL(), s.TargetURL()
	s.hash = Hash(s.originURL, s.targetURL, s.Operation, s.Msg)
	if s.token.keyErr != nil {
		return multiples.Signature{}
	}
	return multiples.Signature{Key: s.token.key.raw, Text: s.token.signed(), Bytes: s.token.signature}
}

// check runs the checks, in the verifier's order.
func (s *subject) check() Report {
	s.clean = true
	report := Report{As: s.as, Message: &s.Message, Checks: make([]Check, 1, len(s.row.checks)+1)}
	report.Checks[0] = pass(checkDecode)
	if s.alone {
		report.Message = nil
	}
	if s.token.claimsErr == nil {
		report.Claims = &s.token.claims
	}
	for _, c := range s.row.checks {
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

// undecodable is the report of a message that cannot be read.
func (v *Verifier) undecodable(m *Message, err error) Report {
	host := err.Error()
	if v.as == OTP {
		host = "Failed to de-serialize: " + host
	}
	failed := Check{Name: checkDecode, State: Failed, Why: "the message cannot be read", Host: host}
	return Report{As: v.as, Checks: []Check{failed}, Message: m}.conclude()
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
