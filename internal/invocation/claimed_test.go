package invocation

import (
	"bytes"
	"runtime"
	"testing"
)

// A length that a message only claims takes no memory: a few bytes that a stranger
// sends could claim 4 GiB, for each call that is judged. Not parallel: it counts what
// is allocated.
func TestClaimedLengthsTakeNoMemory(t *testing.T) {
	const much = 64 << 20
	claims := []byte{0xff, 0xff, 0xff, 0xff, 'x'}
	for name, marker := range map[string]byte{"bin": 0xc6, "str": 0xdb, "array": 0xdd, "map": 0xdf, "ext": 0xc9} {
		value := append([]byte{marker}, claims...)
		field := func(name string) []byte {
			return append(append([]byte{0x81, 0xa0 | byte(len(name))}, name...), value...)
		}
		for what, data := range map[string][]byte{
			"a message": value, "a name": append([]byte{0x81}, value...), "a payload": field("msg"), "an operation": field("operation"),
			"an origin": field("origin"), "a trace": field("traceContext"), "what is skipped": field("other"),
			"in an array": append([]byte{0x91}, value...), "an error": field("error"),
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, first := decode(bytes.Clone(data), rustLayout())
			_, _, second := decode(bytes.Clone(data), otpLayout())
			_, third := DecodeResponse(data)
			runtime.ReadMemStats(&after)
			if first == nil || second == nil || third == nil {
				t.Errorf("%s of %s is taken: %v, %v, %v", name, what, first, second, third)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > much {
				t.Errorf("%s of %s takes %d MiB", name, what, used>>20)
			}
		}
	}
}
