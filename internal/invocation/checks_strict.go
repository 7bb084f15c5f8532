package invocation

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/invocation/serdejson"
	"github.com/latch-keys/latch/internal/keys"
)

// strictChecks are what wasmCloud's documentation promises, and what keeps two
// readers of one message from reading two things.
// Source: wasmcloud.com docs/app-dev/secure/clusterkeys.md at d55c888a.
func strictChecks() []check {
	checks := append([]check{
		{"message_end", nothingBehind},
		{checkHostID, soundHostID},
	}, tokenChecks12()...)
	return append(checks,
		check{"members_once", membersOnce},
		check{"issuer_sound", issuerSound},
		signed(""),
		expired(""),
		notBefore(""),
		issuerListed(""),
		callThere(""),
		targetMatches(""),
		originMatches(saying("")),
		check{checkPayload, payloadHere},
		hashMatches(false, saying("")),
		check{checkID, subjectIsID},
		check{checkReplay, notSeenBefore},
	)
}

func nothingBehind(s *subject) Check {
	if s.behind == 0 {
		return Check{State: Passed}
	}
	return fails("", fmt.Sprintf("%d bytes stand behind the message", s.behind))
}

// soundHostID wants a host's key, or the cluster key that OTP hosts give.
func soundHostID(s *subject) Check {
	key, err := s.sound.parse(s.HostID)
	if err == nil && (key.Kind() == keys.Server || key.Kind() == keys.Cluster && s.HostID == s.token.claims.Issuer) {
		return Check{State: Passed, Found: s.HostID}
	}
	c := fails("", "the sender's host ID is neither a host's key nor the key that signed")
	c.Found = s.HostID
	return c
}

func membersOnce(s *subject) Check {
	if s.token.usual {
		return Check{State: Passed}
	}
	for i := range 2 {
		data, err := decodeSegment(s.token.part(i))
		if err != nil {
			return unknown()
		}
		if name, found := serdejson.RepeatedMember(data); found {
			return fails("", fmt.Sprintf("the token has the member %q twice: readers may each take another", name))
		}
	}
	return Check{State: Passed}
}

func issuerSound(s *subject) Check {
	if s.token.claimsErr != nil {
		return unknown()
	}
	key, err := s.sound.parse(s.token.claims.Issuer)
	if err == nil && key.Kind() == keys.Cluster {
		return Check{State: Passed, Found: s.token.claims.Issuer}
	}
	if err == nil {
		_, err = keys.ParsePublicKey(s.token.claims.Issuer, keys.Cluster)
	}
	c := fails("", "the issuer is no sound cluster key: "+err.Error())
	c.Found = keys.Mask(s.token.claims.Issuer)
	return c
}

// payloadHere wants the whole payload in the message, of the length it states.
func payloadHere(s *subject) Check {
	if s.ContentLength == nil {
		return Check{State: Passed}
	}
	c := compared(fmt.Sprint(*s.ContentLength), fmt.Sprint(len(s.Msg)), "", "the payload is longer than the message says")
	if c.State == Failed && s.elsewhere() {
		c.Why = "the payload, or part of it, lies in the lattice's object store: nothing signed can be compared with it here"
	}
	return c
}

func subjectIsID(s *subject) Check {
	if s.token.claimsErr != nil {
		return unknown()
	}
	return compared(s.ID, s.token.claims.Subject, "", "the token was signed for another invocation")
}

// notSeenBefore comes last, and remembers only what passed all else: a forgery
// must not spend the id of a genuine call.
func notSeenBefore(s *subject) Check {
	switch {
	case s.seen == nil:
		return Check{State: Skipped, Why: "one invocation alone: no others were looked at"}
	case !s.clean:
		return Check{State: Skipped, Why: "refused before: not remembered"}
	}
	replay, seen := s.seen.admit(sha256.Sum256([]byte(s.ID)), tokenDigest(s.token), s.now)
	if !seen {
		return Check{State: Passed}
	}
	return fails("", fmt.Sprintf("a replay: the same %s was seen at %s", replay.What, replay.First.UTC().Format(time.RFC3339)))
}
