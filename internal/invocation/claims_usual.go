package invocation

import "strconv"

// usualClaims reads claims as every known sender writes them: members once,
// strings of plain ASCII, whole numbers, no blanks. Of anything else it says so,
// and ReadClaims decides, which knows all that wascap takes and takes longer.
func usualClaims(body []byte) (c Claims, usual bool) {
	p := plainJSON{text: string(body)}
	var seen once
	usual = p.object(func(name string) bool {
		switch name {
		case "exp":
			return seen.first(0) && p.number(64, func(v uint64) { c.Expires = &v })
		case "jti":
			return seen.first(1) && p.string(&c.ID)
		case "iat":
			return seen.first(2) && p.number(64, func(v uint64) { c.IssuedAt = v })
		case "iss":
			return seen.first(3) && p.string(&c.Issuer)
		case "sub":
			return seen.first(4) && p.string(&c.Subject)
		case "nbf":
			return seen.first(5) && p.number(64, func(v uint64) { c.NotBefore = &v })
		case "wascap":
			c.Call = new(Call)
			return seen.first(6) && p.call(c.Call)
		case "wascap_revision":
			return seen.first(7) && p.number(32, func(v uint64) { revision := uint32(v); c.Revision = &revision })
		}
		return false
	})
	const required = 1<<1 | 1<<2 | 1<<3 | 1<<4
	return c, usual && p.at == len(p.text) && seen&required == required
}

func (p *plainJSON) call(c *Call) bool {
	var seen once
	return p.object(func(name string) bool {
		switch name {
		case "target_url":
			return seen.first(0) && p.string(&c.TargetURL)
		case "origin_url":
			return seen.first(1) && p.string(&c.OriginURL)
		case "hash":
			return seen.first(2) && p.string(&c.Hash)
		}
		return false
	}) && seen == 1<<0|1<<1|1<<2
}

// once is a set of members that were seen.
type once uint

// first tells whether a member comes for the first time.
func (o *once) first(member int) bool {
	before := *o
	*o |= 1 << member
	return before != *o
}

// plainJSON reads the simplest JSON, each method what comes next; false for
// anything but that.
type plainJSON struct {
	text string
	at   int
}

func (p *plainJSON) take(char byte) bool {
	if p.at < len(p.text) && p.text[p.at] == char {
		p.at++
		return true
	}
	return false
}

// object reads an object with at least one member, each by member.
func (p *plainJSON) object(member func(name string) bool) bool {
	if !p.take('{') {
		return false
	}
	for {
		var name string
		if !p.string(&name) || !p.take(':') || !member(name) {
			return false
		}
		if !p.take(',') {
			return p.take('}')
		}
	}
}

func (p *plainJSON) string(into *string) bool {
	if !p.take('"') {
		return false
	}
	from := p.at
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			*into = p.text[from:p.at]
			p.at++
			return true
		case c == '\\' || c < ' ' || c >= 0x80:
			return false
		}
	}
	return false
}

// number reads a number of digits alone.
func (p *plainJSON) number(bits int, into func(uint64)) bool {
	from := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	value, err := strconv.ParseUint(p.text[from:p.at], 10, bits)
	if err != nil || p.text[from] == '0' && p.at > from+1 {
		return false
	}
	into(value)
	return true
}
