package invocation

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

// Message is a call as it travels over NATS.
type Message struct {
	Origin    Entity `json:"origin"`
	Target    Entity `json:"target"`
	Operation string `json:"operation"`
	Msg       []byte `json:"msg"` // the payload; base64 in JSON
	ID        string `json:"id"`
	// Claims is the token, a JWT in compact form.
	Claims string `json:"encoded_claims"`
	// HostID is the sender's host key; OTP hosts put their cluster key here.
	HostID string `json:"host_id"`
	// ContentLength is the length of the whole payload in bytes, nil where the
	// sender left it out. Beyond len(Msg), the rest lies in an object store.
	ContentLength *uint64 `json:"content_length,omitempty"`
	// Trace is the Open Telemetry context.
	Trace map[string]string `json:"traceContext,omitempty"`
}

// OriginURL names the caller, as claims do.
func (m Message) OriginURL() string { return m.Origin.URL() }

// TargetURL names what is called: the entity's URL and the operation.
func (m Message) TargetURL() string { return m.Target.URL() + "/" + m.Operation }

// Hash is what the message's claims are signed over.
func (m Message) Hash() string { return Hash(m.OriginURL(), m.TargetURL(), m.Operation, m.Msg) }

// Hash is SHA-256 of origin URL, target URL, operation and payload, one behind
// the other, in upper-case hex.
func Hash(originURL, targetURL, operation string, msg []byte) string {
	hash := sha256.New()
	for _, part := range []string{originURL, targetURL, operation} {
		_, _ = io.WriteString(hash, part) // a hash takes everything
	}
	_, _ = hash.Write(msg)
	return strings.ToUpper(hex.EncodeToString(hash.Sum(nil)))
}

// elsewhere tells whether part of the payload lies in the lattice's object store.
func (m Message) elsewhere() bool {
	return m.ContentLength != nil && *m.ContentLength > uint64(len(m.Msg))
}
