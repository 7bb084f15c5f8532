package invocation

// ReadClaims reads the body of a token as wascap does.
func ReadClaims(body []byte) (Claims, error) {
	var c Claims
	err := readJSON(body, "Claims", []member{
		{"exp", true, number(64, true, func(v uint64) { c.Expires = &v })},
		{"jti", false, text(&c.ID)},
		{"iat", false, number(64, false, func(v uint64) { c.IssuedAt = v })},
		{"iss", false, text(&c.Issuer)},
		{"sub", false, text(&c.Subject)},
		{"nbf", true, number(64, true, func(v uint64) { c.NotBefore = &v })},
		{"wascap", true, func(r *record) (err error) { c.Call, err = readCall(r); return err }},
		{"wascap_revision", true, number(32, true, func(v uint64) { revision := uint32(v); c.Revision = &revision })},
	})
	return c, err
}

// readCall reads what the claims say of the invocation; null is nothing.
func readCall(r *record) (*Call, error) {
	if r.kind() == 'n' {
		r.scalar()
		return nil, nil //nolint:nilnil // null, like no member at all, is no call and no error
	}
	call := &Call{}
	err := r.structure("Invocation", []member{
		{"target_url", false, text(&call.TargetURL)},
		{"origin_url", false, text(&call.OriginURL)},
		{"hash", false, text(&call.Hash)},
	})
	return call, err
}

// readHeader reads the first part of a token: its type and its algorithm.
func readHeader(body []byte) (kind, algorithm string, err error) {
	err = readJSON(body, "ClaimsHeader", []member{
		{"typ", false, text(&kind)},
		{"alg", false, text(&algorithm)},
	})
	return kind, algorithm, err
}
