package invocation

import (
	"crypto/sha256"
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
	var room [512]byte
	names := append(append(append(room[:0], originURL...), targetURL...), operation...)
	hash := sha256.New()
	_, _ = hash.Write(names) // a hash takes everything
	_, _ = hash.Write(msg)
	const digits = "0123456789ABCDEF"
	var text [2 * sha256.Size]byte
	for i, b := range hash.Sum(room[:0]) {
		text[2*i], text[2*i+1] = digits[b>>4], digits[b&15]
	}
	return string(text[:])
}

// elsewhere tells whether part of the payload lies in the lattice's object store.
func (m Message) elsewhere() bool {
	return m.ContentLength != nil && *m.ContentLength > uint64(len(m.Msg))
}

// scheme begins every URL of an entity.
const scheme = "wasmbus://"

// Entity is one end of a call: an actor, named by its public key alone, or a
// provider, reached under a contract and by a link.
type Entity struct {
	PublicKey  string `json:"public_key"`
	LinkName   string `json:"link_name,omitempty"`
	ContractID string `json:"contract_id,omitempty"`
}

// URL is the entity as claims name it: wasmbus://KEY for whatever has a key that
// begins with m or M, and wasmbus://CONTRACT/LINK/KEY for anything else, even
// where contract and link are empty. Source: wasmcloud-core 0.2.0 src/lib.rs.
func (e Entity) URL() string {
	if strings.HasPrefix(e.PublicKey, "M") || strings.HasPrefix(e.PublicKey, "m") {
		return scheme + e.PublicKey
	}
	contract := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(e.ContractID, ":", "/"), " ", "_"))
	link := strings.ToLower(strings.ReplaceAll(e.LinkName, " ", "_"))
	return scheme + contract + "/" + link + "/" + e.PublicKey
}

// Limits of what is read. Hosts send at most 900 KiB in a message; NATS servers
// take 1 MiB unless told otherwise, and 64 MiB at the most.
const (
	// MostMessage is the largest message that is looked at, in bytes.
	MostMessage = 64 << 20
	// mostDepth is how deep nested values are followed, that of rmp-serde.
	mostDepth = 1024
	// mostTrace is how many entries of a trace context are kept.
	mostTrace = 4096
)
