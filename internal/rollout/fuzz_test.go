package rollout

import (
	"math"
	"testing"
	"time"
)

// FuzzRecord: whatever lies in the bucket, a record that is taken has turns of finite,
// positive length, and is read again as it was written.
func FuzzRecord(f *testing.F) {
	r := record{Version: recordVersion}.begin(turn{Want: Want{Host: "web-1", Signs: "CA", Generation: 3}, Holder: "x", Lease: inSeconds(time.Minute), Patience: inSeconds(time.Second)})
	r = r.halt(7, Halt{Want: Want{Host: "web-2"}, Why: "gone", By: "web-1", At: time.Unix(1_800_000_000, 0).UTC()})
	data, err := r.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1,"turns":[{"lease_seconds":1e300},{"patience_seconds":-1}]}`))
	f.Add([]byte(`{"version":1,"fence":18446744073709551615,"turns":null,"halts":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			return
		}
		for _, one := range r.Turns {
			if one.Lease.duration() < 0 || one.Patience.duration() < 0 || math.Abs(one.Lease.duration().Seconds()-float64(one.Lease)) > 1 {
				t.Fatalf("a lease of %v is %s, patience of %v is %s", one.Lease, one.Lease.duration(), one.Patience, one.Patience.duration())
			}
		}
		text, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(text)
		if err != nil {
			t.Fatalf("what was read cannot be read back: %v\n%s", err, text)
		}
		if second, err := again.encode(); err != nil || string(second) != string(text) {
			t.Fatalf("%s became %s, %v", text, second, err)
		}
		next := r.begin(turn{Holder: "me", Lease: inSeconds(time.Minute)})
		if r.at(next.Fence) >= 0 || next.Fence <= r.Fence {
			t.Fatalf("the number %d of a new turn was given before: %s", next.Fence, text)
		}
	})
}
