package sealed

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// What is told of a seed reads as it was written; whatever reads is written the
// same up to its line end and its zone.
func FuzzRecord(f *testing.F) {
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	defer seed.Wipe()
	public := seed.PublicKey()
	f.Add(record{PublicKey: public}.encode())
	f.Add(record{PublicKey: public, Created: time.Unix(1_800_000_000, 0).UTC()}.encode())
	f.Add([]byte(public.String() + " 2026-11-21T12:00:00+01:00\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRecord(data)
		if err != nil {
			return
		}
		again, err := parseRecord(r.encode())
		if err != nil || again.PublicKey != r.PublicKey || !again.Created.Equal(r.Created.Truncate(time.Second)) {
			t.Fatalf("%q became %q, %v", data, r.encode(), err)
		}
	})
}
