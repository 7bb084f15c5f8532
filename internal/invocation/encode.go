package invocation

import (
	"bytes"
	"maps"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
)

// Encode is the message in MessagePack as a Rust host sends it: a map with the
// names of the fields, in their order.
func Encode(m Message) ([]byte, error) {
	var buffer bytes.Buffer
	w := &writer{encoder: msgpack.NewEncoder(&buffer)}
	fields := 8
	if m.ContentLength != nil {
		fields++
	}
	w.keep(w.encoder.EncodeMapLen(fields))
	w.entity("origin", m.Origin)
	w.entity("target", m.Target)
	w.text("operation", m.Operation)
	w.name("msg")
	w.keep(w.encoder.EncodeBytes(append([]byte{}, m.Msg...)))
	w.text("id", m.ID)
	w.text("encoded_claims", m.Claims)
	w.text("host_id", m.HostID)
	if m.ContentLength != nil {
		w.name("content_length")
		w.keep(w.encoder.EncodeUint(*m.ContentLength))
	}
	w.trace(m.Trace)
	return buffer.Bytes(), w.err
}

// writer keeps the first error.
type writer struct {
	encoder *msgpack.Encoder
	err     error
}

func (w *writer) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) name(name string) { w.keep(w.encoder.EncodeString(name)) }

func (w *writer) text(name, value string) {
	w.name(name)
	w.keep(w.encoder.EncodeString(value))
}

func (w *writer) entity(name string, e Entity) {
	w.name(name)
	w.keep(w.encoder.EncodeMapLen(3))
	w.text("public_key", e.PublicKey)
	w.text("link_name", e.LinkName)
	w.text("contract_id", e.ContractID)
}

func (w *writer) trace(trace map[string]string) {
	w.name("traceContext")
	w.keep(w.encoder.EncodeMapLen(len(trace)))
	for _, name := range slices.Sorted(maps.Keys(trace)) {
		w.text(name, trace[name])
	}
}
