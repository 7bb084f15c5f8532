package invocation

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// bytes reads text or bytes, which verifiers take for each other.
func (p *parser) bytes(want string) ([]byte, error) {
	code, err := p.peek()
	if err != nil {
		return nil, err
	}
	if !msgpcode.IsString(code) && !msgpcode.IsBin(code) {
		return nil, p.wrongType(code, want)
	}
	length, err := p.decoder.DecodeBytesLen()
	if err != nil {
		return nil, p.cut(err)
	}
	// The length is what the sender claims, up to 4 GiB in a message of a few bytes.
	if length > p.source.Len() {
		return nil, p.cut(io.ErrUnexpectedEOF)
	}
	data := make([]byte, length)
	if err := p.decoder.ReadFull(data); err != nil {
		return nil, p.cut(err)
	}
	return data, nil
}

func (p *parser) text(into *string) error {
	data, err := p.bytes("a string")
	if err != nil {
		return err
	}
	if !utf8.Valid(data) {
		return &unread{"string found to be invalid utf8"}
	}
	*into = string(data)
	return nil
}

// payload reads bytes: binary as Rust sends them, text as Elixir's Msgpax does,
// or an array of numbers.
func (p *parser) payload(into *[]byte) error {
	code, err := p.peek()
	if err != nil {
		return err
	}
	if !isArray(code) {
		*into, err = p.bytes("byte array")
		return err
	}
	count, err := p.decoder.DecodeArrayLen()
	if err != nil {
		return p.cut(err)
	}
	// The length is what the sender claims: grow with what is there.
	for range count {
		code, err := p.peek()
		if err != nil {
			return err
		}
		if !isNumber(code) {
			return p.wrongType(code, "u8")
		}
		value, err := p.decoder.DecodeInt64()
		if err != nil {
			return p.cut(err)
		}
		if value < 0 || value > 255 {
			return &unread{"invalid value: integer, expected u8"}
		}
		*into = append(*into, byte(value))
	}
	return nil
}

func (p *parser) length(into **uint64) error {
	code, err := p.peek()
	if err != nil {
		return err
	}
	if code == msgpcode.Nil && p.nullableLength {
		return p.skip()
	}
	if !isNumber(code) {
		return p.wrongType(code, "u64")
	}
	return p.number(into, "u64")
}

// number reads an integer that is not negative.
func (p *parser) number(into **uint64, want string) error {
	code, err := p.peek()
	if err != nil {
		return err
	}
	if code < msgpcode.Int8 { // negative fixed numbers come last
		value, err := p.decoder.DecodeUint64()
		if err != nil {
			return p.cut(err)
		}
		*into = &value
		return nil
	}
	signed, err := p.decoder.DecodeInt64()
	if err != nil {
		return p.cut(err)
	}
	if signed < 0 {
		return &unread{fmt.Sprintf("invalid value: integer `%d`, expected %s", signed, want)}
	}
	value := uint64(signed)
	*into = &value
	return nil
}

func (p *parser) trace(into *map[string]string) error {
	code, err := p.peek()
	if err != nil {
		return err
	}
	if !isMap(code) {
		return p.wrongType(code, "a map")
	}
	count, err := p.decoder.DecodeMapLen()
	if err != nil {
		return p.cut(err)
	}
	if count > mostTrace {
		return &unread{"a trace context with more entries than latch keeps"}
	}
	entries := map[string]string{}
	for range count {
		var name, value string
		if err := p.text(&name); err != nil {
			return err
		}
		if err := p.text(&value); err != nil {
			return err
		}
		entries[name] = value
	}
	*into = entries
	return nil
}

// skip passes over one value, without recursion: what is nested is what a
// stranger sent.
func (p *parser) skip() error {
	open := []int{1} // how many values each nested one still has to come
	for len(open) > 0 {
		if open[len(open)-1] == 0 {
			open = open[:len(open)-1]
			continue
		}
		open[len(open)-1]--
		count, nested, err := p.enter()
		if err != nil {
			return err
		}
		if !nested {
			continue
		}
		if open = append(open, count); len(open) > mostDepth {
			return &unread{"depth limit exceeded"}
		}
	}
	return nil
}

// enter passes over a plain value, or over the beginning of a nested one, whose
// number of values it gives.
func (p *parser) enter() (count int, nested bool, err error) {
	code, err := p.peek()
	if err != nil {
		return 0, false, err
	}
	switch {
	case isArray(code):
		count, err = p.decoder.DecodeArrayLen()
	case isMap(code):
		count, err = p.decoder.DecodeMapLen()
		count *= 2
	default:
		if err := p.decoder.Skip(); err != nil {
			return 0, false, p.cut(err)
		}
		return 0, false, nil
	}
	if err != nil {
		return 0, false, p.cut(err)
	}
	return count, true, nil
}
