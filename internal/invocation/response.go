package invocation

import (
	"bytes"

	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Response is what comes back of a call. It is signed by nobody.
type Response struct {
	ID    string // of the invocation; UNKNOWN where a Rust host could not read it
	Error string // what kept the call from being answered, "" for nothing
	Bytes int    // of the payload
}

// DecodeResponse reads a response in MessagePack.
func DecodeResponse(data []byte) (r Response, err error) {
	source := bytes.NewReader(data)
	p := &parser{source: source, decoder: msgpack.NewDecoder(source)}
	fields := []string{"msg", "error", "invocation_id", "content_length", "traceContext", "instance_id"}
	err = p.structure("InvocationResponse", fields, nil, func(field string) error {
		switch field {
		case "msg":
			var payload []byte
			err := p.payload(&payload)
			r.Bytes = len(payload)
			return err
		case "invocation_id":
			return p.text(&r.ID)
		case "error":
			if code, err := p.peek(); err != nil || code == msgpcode.Nil {
				return p.skip()
			}
			return p.text(&r.Error)
		default:
			return p.skip()
		}
	})
	return r, err
}

// EncodeResponse is a response as a Rust host sends it.
func EncodeResponse(r Response) ([]byte, error) {
	var buffer bytes.Buffer
	w := &writer{encoder: msgpack.NewEncoder(&buffer)}
	w.keep(w.encoder.EncodeMapLen(5))
	w.name("msg")
	w.keep(w.encoder.EncodeBytes(make([]byte, r.Bytes)))
	w.text("invocation_id", r.ID)
	w.name("error")
	if r.Error == "" {
		w.keep(w.encoder.EncodeNil())
	} else {
		w.keep(w.encoder.EncodeString(r.Error))
	}
	w.name("content_length")
	w.keep(w.encoder.EncodeUint(uint64(r.Bytes)))
	w.trace(nil)
	return buffer.Bytes(), w.err
}
