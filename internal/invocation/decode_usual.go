package invocation

import (
	"encoding/binary"
	"unicode/utf8"
)

// usualMessage reads a message as every known sender writes it: a map with each
// field once, names and texts as strings. Of anything else it says so, and the
// parser decides, which knows all that verifiers take and takes longer. The
// payload is not copied.
func usualMessage(data []byte, by layout) (m Message, behind int, usual bool) {
	p := &plainMsgpack{data: data}
	var seen once
	for range p.mapLength() {
		name := p.chunk()
		if p.strange {
			return m, 0, false
		}
		fresh := false
		switch string(name) {
		case "origin":
			fresh = seen.first(0) && p.entity(&m.Origin)
		case "target":
			fresh = seen.first(1) && p.entity(&m.Target)
		case "operation":
			fresh = seen.first(2) && p.text(&m.Operation)
		case "msg":
			fresh = seen.first(3)
			m.Msg = p.chunk()
		case "id":
			fresh = seen.first(4) && p.text(&m.ID)
		case "encoded_claims":
			fresh = seen.first(5) && p.text(&m.Claims)
		case "host_id":
			fresh = seen.first(6) && p.text(&m.HostID)
		case "content_length":
			length := p.number()
			m.ContentLength = &length
			fresh = seen.first(7)
		case "traceContext":
			fresh = seen.first(8) && p.trace(&m.Trace)
		}
		if !fresh || p.strange {
			return m, 0, false
		}
	}
	if !by.keepsTrace() {
		m.Trace = nil
	}
	const all = 1<<8 - 1 // the trace context may be missing
	return m, len(data) - p.at, !p.strange && seen&all == all
}

// keepsTrace tells whether the verifier reads the trace context.
func (l layout) keepsTrace() bool { return len(l.fields) > 8 }

// plainMsgpack reads the simplest MessagePack. What is not that, or cut off, is
// strange, and everything from there on is nothing.
type plainMsgpack struct {
	data    []byte
	at      int
	strange bool
}

// take gives the next n bytes.
func (p *plainMsgpack) take(n uint64) []byte {
	if p.strange || n > uint64(len(p.data)-p.at) {
		p.strange = true
		return nil
	}
	from := p.at
	p.at += int(n)
	return p.data[from:p.at:p.at]
}

// big reads an unsigned number of so many bytes.
func (p *plainMsgpack) big(bytes uint64) uint64 {
	var room [8]byte
	copy(room[8-bytes:], p.take(bytes))
	return binary.BigEndian.Uint64(room[:])
}

// code reads a marker.
func (p *plainMsgpack) code() byte {
	if b := p.take(1); len(b) == 1 {
		return b[0]
	}
	return 0xc1 // which MessagePack never uses
}

func (p *plainMsgpack) mapLength() uint64 {
	switch code := p.code(); {
	case code>>4 == 0x8:
		return uint64(code & 0xf)
	case code == 0xde:
		return p.big(2)
	}
	p.strange = true
	return 0
}

// chunk reads text or bytes.
func (p *plainMsgpack) chunk() []byte {
	switch code := p.code(); {
	case code>>5 == 0b101:
		return p.take(uint64(code & 0x1f))
	case code == 0xd9, code == 0xc4:
		return p.take(p.big(1))
	case code == 0xda, code == 0xc5:
		return p.take(p.big(2))
	case code == 0xdb, code == 0xc6:
		return p.take(p.big(4))
	}
	p.strange = true
	return nil
}

func (p *plainMsgpack) text(into *string) bool {
	bytes := p.chunk()
	*into = string(bytes)
	return utf8.Valid(bytes)
}

func (p *plainMsgpack) number() uint64 {
	code := p.code()
	switch {
	case code < 0x80:
		return uint64(code)
	case 0xcc <= code && code <= 0xcf:
		return p.big(1 << (code - 0xcc))
	}
	p.strange = true
	return 0
}

func (p *plainMsgpack) entity(e *Entity) bool {
	var seen once
	for range p.mapLength() {
		fresh := false
		switch string(p.chunk()) {
		case "public_key":
			fresh = seen.first(0) && p.text(&e.PublicKey)
		case "link_name":
			fresh = seen.first(1) && p.text(&e.LinkName)
		case "contract_id":
			fresh = seen.first(2) && p.text(&e.ContractID)
		}
		if !fresh || p.strange {
			return false
		}
	}
	return seen == 1<<0|1<<1|1<<2
}

func (p *plainMsgpack) trace(into *map[string]string) bool {
	count := p.mapLength()
	entries := map[string]string{}
	for range count {
		var name, value string
		if !p.text(&name) || !p.text(&value) || p.strange || len(entries) >= mostTrace {
			return false
		}
		entries[name] = value
	}
	*into = entries
	return true
}
