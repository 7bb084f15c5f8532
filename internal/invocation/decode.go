package invocation

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// layout is how a verifier's struct is laid out: the fields in the order that an
// array in place of the map has them, and those that must be there.
type layout struct {
	fields, required             []string
	entityFields, entityRequired []string
	nullableLength               bool
}

// rustLayout is that of wasmcloud-core 0.2.0: nearly everything has a default.
func rustLayout() layout {
	return layout{
		fields:       []string{"origin", "target", "operation", "msg", "id", "encoded_claims", "host_id", "content_length", "traceContext"},
		required:     []string{"origin", "target", "content_length"},
		entityFields: []string{"public_key", "link_name", "contract_id"},
	}
}

// otpLayout is that of inv.rs in OTP hosts.
func otpLayout() layout {
	fields := []string{"origin", "target", "operation", "msg", "id", "encoded_claims", "host_id", "content_length"}
	entity := []string{"public_key", "contract_id", "link_name"}
	return layout{
		fields: fields, required: fields[:7], entityFields: entity, entityRequired: entity, nullableLength: true,
	}
}

// unread is a message that a verifier cannot read, in its words.
type unread struct{ text string }

func (u *unread) Error() string { return u.text }

// parser reads one message by a layout.
type parser struct {
	layout
	source  *bytes.Reader
	decoder *msgpack.Decoder
	message Message
}

// decode reads a message as the verifier with the layout does, and tells how
// many bytes stand behind it. An error is an *unread.
func decode(data []byte, by layout) (m Message, behind int, err error) {
	if len(data) > MostMessage {
		return m, 0, &unread{fmt.Sprintf("%d bytes are more than NATS carries", len(data))}
	}
	if m, behind, usual := usualMessage(data, by); usual {
		return m, behind, nil
	}
	return parse(data, by)
}

// parse is decode for whatever a message may be.
func parse(data []byte, by layout) (m Message, behind int, err error) {
	source := bytes.NewReader(data)
	p := &parser{layout: by, source: source, decoder: msgpack.NewDecoder(source)}
	err = p.structure("Invocation", by.fields, by.required, p.field)
	return p.message, source.Len(), err
}

// structure reads a map with known names, or an array in their order.
func (p *parser) structure(name string, fields, required []string, read func(field string) error) error {
	code, err := p.peek()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	switch {
	case isArray(code):
		err = p.positional(name, fields, seen, read)
	case isMap(code):
		err = p.named(fields, seen, read)
	default:
		return p.wrongType(code, "struct "+name)
	}
	if err != nil {
		return err
	}
	for _, field := range required {
		if !seen[field] {
			return &unread{"missing field `" + field + "`"}
		}
	}
	return nil
}

func (p *parser) named(fields []string, seen map[string]bool, read func(string) error) error {
	count, err := p.decoder.DecodeMapLen()
	if err != nil {
		return p.cut(err)
	}
	for range count {
		field, err := p.fieldName(fields)
		if err != nil {
			return err
		}
		switch {
		case !slices.Contains(fields, field):
			err = p.skip()
		case seen[field]:
			err = &unread{"duplicate field `" + field + "`"}
		default:
			seen[field] = true
			err = read(field)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) positional(name string, fields []string, seen map[string]bool, read func(string) error) error {
	count, err := p.decoder.DecodeArrayLen()
	if err != nil {
		return p.cut(err)
	}
	for i, field := range fields {
		if i == count {
			break
		}
		if err := read(field); err != nil {
			return err
		}
		seen[field] = true
	}
	switch {
	case count > len(fields):
		return &unread{fmt.Sprintf("array had incorrect length, expected %d", len(fields))}
	case count < len(fields) && !p.defaultsFrom(count):
		return &unread{fmt.Sprintf("invalid length %d, expected struct %s with %d elements", count, name, len(fields))}
	}
	return nil
}

// defaultsFrom tells whether a message may end before its n-th element.
func (p *parser) defaultsFrom(n int) bool {
	return len(p.fields) == len(rustLayout().fields) && n >= slices.Index(p.fields, "content_length")+1
}

// fieldName reads a member's name: text, bytes, or its place as a number, which
// serde takes too.
func (p *parser) fieldName(fields []string) (string, error) {
	code, err := p.peek()
	if err != nil {
		return "", err
	}
	if isNumber(code) {
		var place *uint64
		if err := p.number(&place, "field identifier"); err != nil || *place >= uint64(len(fields)) {
			return "", err
		}
		return fields[*place], nil
	}
	name, err := p.bytes("field identifier")
	return string(name), err
}

func (p *parser) field(name string) error {
	m := &p.message
	switch name {
	case "origin":
		return p.entity(&m.Origin)
	case "target":
		return p.entity(&m.Target)
	case "operation":
		return p.text(&m.Operation)
	case "msg":
		return p.payload(&m.Msg)
	case "id":
		return p.text(&m.ID)
	case "encoded_claims":
		return p.text(&m.Claims)
	case "host_id":
		return p.text(&m.HostID)
	case "content_length":
		return p.length(&m.ContentLength)
	default:
		return p.trace(&m.Trace)
	}
}

func (p *parser) entity(e *Entity) error {
	into := map[string]*string{"public_key": &e.PublicKey, "link_name": &e.LinkName, "contract_id": &e.ContractID}
	return p.structure("WasmCloudEntity", p.entityFields, p.entityRequired, func(field string) error {
		return p.text(into[field])
	})
}

// peek gives the marker of the next value.
func (p *parser) peek() (byte, error) {
	code, err := p.decoder.PeekCode()
	if err != nil {
		return 0, &unread{"IO error while reading marker: unexpected end of file"}
	}
	return code, nil
}

// cut is the error of a message that ends too early, or else the decoder's own.
func (p *parser) cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF { //nolint:errorlint // the decoder gives them bare
		return &unread{"IO error while reading data: unexpected end of file"}
	}
	return &unread{err.Error()}
}

func (p *parser) wrongType(code byte, want string) error {
	return &unread{fmt.Sprintf("invalid type: %s, expected %s", typeName(code), want)}
}

func isArray(code byte) bool {
	return msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32
}

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}

func isNumber(code byte) bool {
	return msgpcode.IsFixedNum(code) || msgpcode.Uint8 <= code && code <= msgpcode.Int64
}

func typeName(code byte) string {
	switch {
	case code == msgpcode.Nil:
		return "unit value"
	case code == msgpcode.True, code == msgpcode.False:
		return "boolean"
	case isNumber(code):
		return "integer"
	case code == msgpcode.Float, code == msgpcode.Double:
		return "floating point"
	case msgpcode.IsString(code):
		return "string"
	case msgpcode.IsBin(code):
		return "byte array"
	case isArray(code):
		return "sequence"
	case isMap(code):
		return "map"
	}
	return "newtype struct"
}
