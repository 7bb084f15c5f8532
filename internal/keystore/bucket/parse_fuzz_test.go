package bucket

import (
	"encoding/json"
	"slices"
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

// Nothing that is not signed is taken for a record, and what is signed is for the bucket
// and the name alone that it says.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(signedSeed + " " + natstest.Key(f, keys.User).PublicKey().String() + " AAAA\n{}"))
	f.Add([]byte(`{"store":"store","name":"name","to":["x"],"sealed":"y"}`))
	signer := natstest.Key(f, keys.User)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, by, err := decodeRecord(data, "store", "name"); err == nil {
			t.Errorf("%q is taken, as signed by %s", data, by)
		}
		signed, err := sign(signedSeed, signer, data)
		if err != nil {
			t.Fatal(err)
		}
		r, by, err := decodeRecord(signed, "store", "name")
		if err != nil {
			return
		}
		again, err := r.encode(signer)
		if err == nil {
			_, _, err = decodeRecord(again, "store", "name")
		}
		if r.Store != "store" || r.Name != "name" || by != signer.PublicKey() || err != nil {
			t.Errorf("%q is taken for %+v by %s, %v", data, r, by, err)
		}
	})
}

// Whatever a list of seeds holds, reading it ends, a version that is not known is
// refused, and it is read again as it is written.
func FuzzDecodeRoot(f *testing.F) {
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xaa\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00"))
	f.Add([]byte(`{"version":1,"store":"s","generation":2,"maintainers":[{"key":"` + natstest.Key(f, keys.User).PublicKey().String() + `","since":1}],"recipients":[{"key":"age1","only":true}],"seeds":[{"name":"b"},{"name":"a","to":["x"]}],"trail":["x"]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := decodeRoot(body); err == nil && r.Version != rootVersion {
			t.Errorf("version %d is taken", r.Version)
		}
		if !json.Valid(body) {
			return
		}
		packed, err := pack(json.RawMessage(body))
		if err != nil {
			t.Fatal(err)
		}
		r, err := decodeRoot(packed)
		if err != nil {
			return
		}
		for _, each := range r.Seeds {
			r.find(each.Name)
			r.keysOf(each)
		}
		s := snapshot{root: r}
		s.trustedFrom(r.maintainerKeys()[:min(1, len(r.Maintainers))], 0)
		s.seenManifests(seen{Store: r.Store})
		written, err := pack(r)
		if err != nil {
			return // what no root says, such as a time beyond the year 9999
		}
		again, err := decodeRoot(written)
		if err != nil || again.Generation != r.Generation || len(again.Seeds) != len(r.Seeds) || !slices.Equal(again.maintainerKeys(), r.maintainerKeys()) {
			t.Errorf("%s is read again as %+v, %v", body, again, err)
		}
	})
}
