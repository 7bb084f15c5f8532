package bucket

import (
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// An address that is taken names servers, and a bucket within its letters.
func FuzzParseAddress(f *testing.F) {
	f.Add("nats://127.0.0.1:4222/keys")
	f.Add("tls://a,b:1/keys?maintainer=" + natstest.Key(f, keys.User).PublicKey().String() + "&context=ops")
	f.Fuzz(func(t *testing.T, uri string) {
		a, err := ParseAddress(uri)
		if err == nil && (len(a.URLs) == 0 || a.Bucket == "" || len(a.Bucket) > 64) {
			t.Errorf("%q is taken: %+v", uri, a)
		}
	})
}

// Nothing that is not signed is taken for a record.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(signedSeed + " " + natstest.Key(f, keys.User).PublicKey().String() + " AAAA\n{}"))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, by, err := decodeRecord(data, "store", "name"); err == nil {
			t.Errorf("%q is taken, as signed by %s", data, by)
		}
	})
}

// Whatever a list of seeds holds, reading it ends, and a version that is not known is
// refused.
func FuzzDecodeRoot(f *testing.F) {
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xaa\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := decodeRoot(body); err == nil && r.Version != rootVersion {
			t.Errorf("version %d is taken", r.Version)
		}
	})
}
