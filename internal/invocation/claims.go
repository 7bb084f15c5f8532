package invocation

import (
	"encoding/json"

	"github.com/latch-keys/latch/internal/invocation/serdejson"
)

// Claims are the body of a token. Times are seconds since 1970; no known sender
// sets Expires or NotBefore.
type Claims struct {
	Expires   *uint64 `json:"exp,omitempty"`
	ID        string  `json:"jti"` // of the token, a NUID
	IssuedAt  uint64  `json:"iat"`
	Issuer    string  `json:"iss"` // the cluster public key that signed
	Subject   string  `json:"sub"` // the invocation's id
	NotBefore *uint64 `json:"nbf,omitempty"`
	Call      *Call   `json:"wascap,omitempty"`
	Revision  *uint32 `json:"wascap_revision,omitempty"` // of the format; 3 today, 2 before, absent before that
}

// Call is what the claims say of the invocation.
type Call struct {
	TargetURL string `json:"target_url"`
	OriginURL string `json:"origin_url"`
	Hash      string `json:"hash"`
}

// revision is what wascap 0.12 writes.
const revision = 3

// NewClaims are the claims of a message, in the form that Rust hosts give them.
func NewClaims(m Message, issuer, tokenID string, issuedAt uint64) Claims {
	current := uint32(revision)
	return Claims{
		ID: tokenID, IssuedAt: issuedAt, Issuer: issuer, Subject: m.ID,
		Call:     &Call{TargetURL: m.TargetURL(), OriginURL: m.OriginURL(), Hash: m.Hash()},
		Revision: &current,
	}
}

// text is the claims as JSON, members in the order of wascap, nothing escaped
// that JSON does not demand.
func (c Claims) text() ([]byte, error) { return compactJSON(c) }

func compactJSON(value any) ([]byte, error) {
	var buffer lineless
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return buffer.text, err
}

// lineless takes what an encoder writes, without the line end it adds.
type lineless struct{ text []byte }

func (l *lineless) Write(p []byte) (int, error) {
	l.text = append(l.text, p...)
	if n := len(l.text); n > 0 && l.text[n-1] == '\n' {
		l.text = l.text[:n-1]
	}
	return len(p), nil
}

// ReadClaims reads the body of a token as wascap does.
func ReadClaims(body []byte) (Claims, error) {
	var c Claims
	err := serdejson.Read(body, "Claims", []serdejson.Member{
		serdejson.Optional("exp", serdejson.Number(64, true, func(v uint64) { c.Expires = &v })),
		serdejson.Required("jti", serdejson.Text(&c.ID)),
		serdejson.Required("iat", serdejson.Number(64, false, func(v uint64) { c.IssuedAt = v })),
		serdejson.Required("iss", serdejson.Text(&c.Issuer)),
		serdejson.Required("sub", serdejson.Text(&c.Subject)),
		serdejson.Optional("nbf", serdejson.Number(64, true, func(v uint64) { c.NotBefore = &v })),
		serdejson.Optional("wascap", func(r *serdejson.Record) (err error) { c.Call, err = readCall(r); return err }),
		serdejson.Optional("wascap_revision", serdejson.Number(32, true, func(v uint64) { revision := uint32(v); c.Revision = &revision })),
	})
	return c, err
}

// readCall reads what the claims say of the invocation; null is nothing.
func readCall(r *serdejson.Record) (*Call, error) {
	if r.Null() {
		return nil, nil //nolint:nilnil // null, like no member at all, is no call and no error
	}
	call := &Call{}
	err := r.Struct("Invocation", []serdejson.Member{
		serdejson.Required("target_url", serdejson.Text(&call.TargetURL)),
		serdejson.Required("origin_url", serdejson.Text(&call.OriginURL)),
		serdejson.Required("hash", serdejson.Text(&call.Hash)),
	})
	return call, err
}

// readHeader reads the first part of a token: its type and its algorithm.
func readHeader(body []byte) (kind, algorithm string, err error) {
	err = serdejson.Read(body, "ClaimsHeader", []serdejson.Member{
		serdejson.Required("typ", serdejson.Text(&kind)),
		serdejson.Required("alg", serdejson.Text(&algorithm)),
	})
	return kind, algorithm, err
}
