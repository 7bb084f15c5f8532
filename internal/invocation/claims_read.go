package invocation

import "github.com/latch-keys/latch/internal/invocation/serdejson"

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
