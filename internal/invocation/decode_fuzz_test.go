package invocation

import (
	"bytes"
	"reflect"
	"testing"
)

// FuzzDecode: what the quick reading of a message takes, the whole parser reads the
// same; and a message that is read is read again as it is written.
func FuzzDecode(f *testing.F) {
	messages, _ := seenByVerifiers(f)
	for _, data := range messages {
		f.Add(data)
	}
	f.Add(bytes.Repeat([]byte{0x91}, 4096))
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, by := range map[string]layout{"rust": rustLayout(), "otp": otpLayout()} {
			m, behind, err := parse(data, by)
			if quick, more, usual := usualMessage(data, by); usual && (err != nil || more != behind || !alike(quick, m)) {
				t.Fatalf("%s: quick %+v with %d behind, whole %+v with %d, %v", name, quick, more, m, behind, err)
			}
			if err != nil {
				continue
			}
			text, err := Encode(m)
			if err != nil {
				continue
			}
			again, behind, err := parse(text, by)
			if m.Trace = nil; err != nil || behind != 0 || !alike(withoutTrace(again), m) {
				t.Fatalf("%s: %+v became %+v with %d behind, %v", name, m, again, behind, err)
			}
		}
	})
}

func withoutTrace(m Message) Message {
	m.Trace = nil
	return m
}

// alike compares messages; no payload is an empty one.
func alike(a, b Message) bool {
	same := bytes.Equal(a.Msg, b.Msg)
	a.Msg, b.Msg = nil, nil
	if len(a.Trace) == 0 && len(b.Trace) == 0 {
		a.Trace, b.Trace = nil, nil
	}
	return same && reflect.DeepEqual(a, b)
}

// FuzzResponse: an answer to a call is read in no more memory than it takes, and again
// as it is written.
func FuzzResponse(f *testing.F) {
	for _, r := range []Response{{ID: "1", Bytes: 3}, {ID: "UNKNOWN", Error: "it is late"}, {}} {
		data, err := EncodeResponse(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte{0x81, 0xa3, 'm', 's', 'g', 0xdd, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{0x81, 0xa3, 'm', 's', 'g', 0xc6, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := DecodeResponse(data)
		if err != nil {
			return
		}
		if r.Bytes > len(data) {
			t.Fatalf("%d bytes in %d", r.Bytes, len(data))
		}
		text, err := EncodeResponse(r)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := DecodeResponse(text); err != nil || again != r {
			t.Fatalf("%+v became %+v, %v", r, again, err)
		}
	})
}

// FuzzInputs: whatever a file holds, each thing in it is judged, and reading it twice
// gives the same.
func FuzzInputs(f *testing.F) {
	messages, claims := seenByVerifiers(f)
	f.Add(messages[0])
	f.Add([]byte("eyJ" + claims[0] + "\n\neyJh.eyJi.x\n"))
	f.Add([]byte(` {"origin":{"public_key":"M"},"msg":"AQ==","encoded_claims":"a.b.c"} {"id":"x"}`))
	f.Add([]byte(`{"id":7}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := ParseInputs(data)
		if err != nil {
			return
		}
		if len(all) == 0 {
			t.Fatal("neither an input nor an error")
		}
		for _, one := range all {
			m, c, err := one.Read()
			if err == nil && (c == nil || one.Token == "" && m == nil) {
				t.Fatalf("%+v is read as nothing", one)
			}
			m2, c2, err2 := one.Read()
			if (err == nil) != (err2 == nil) || !reflect.DeepEqual(m, m2) || !reflect.DeepEqual(c, c2) {
				t.Fatalf("%+v is read in two ways", one)
			}
		}
	})
}
