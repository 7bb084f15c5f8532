package rotation

import (
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// FuzzHear: the record that tap writes is read from the manifest as it was heard, and
// lets a rotation go on only for a silence that was long enough, and ended about now.
func FuzzHear(f *testing.F) {
	m, err := started(standard(), shaped([]int{0, 0, 1}), Selection{}, 10, testStart())
	if err != nil {
		f.Fatal(err)
	}
	if m, err = Attest(m, Attestation{}, testStart()); err != nil {
		f.Fatal(err)
	}
	if m, err = Next(m, testStart()); err != nil || m.Rotation.Phase != lattice.PhaseSwitch {
		f.Fatal(m.Rotation, err)
	}
	d, err := lattice.New("m.yaml", m)
	if err != nil {
		f.Fatal(err)
	}
	now := testStart().Unix()
	f.Add(now-600, now, int64(0), int64(600e9), now)
	f.Add(now, now-600, int64(999_999_999), int64(1), now)
	f.Add(int64(-62135596800), int64(253402300799), int64(1), int64(1e9), now)
	f.Add(now-600, now+600, int64(1), int64(600e9-1), now-1)
	f.Fuzz(func(t *testing.T, since, until, nanos, span, at int64) {
		heard := lattice.Quiet{Since: time.Unix(since, nanos), Until: time.Unix(until, nanos)}
		next, err := Hear(d.Manifest(), heard)
		if err != nil {
			t.Fatal(err)
		}
		written, err := d.Update(next)
		if err != nil {
			return // a year that no manifest has
		}
		read, err := lattice.Decode("m.yaml", written.Bytes())
		if err != nil {
			return
		}
		q := read.Manifest().Rotation.Quiet
		if !heard.Until.IsZero() && (!q.Since.Equal(second(heard.Since)) || !q.Until.Equal(second(heard.Until))) {
			t.Fatalf("heard %v to %v, read %v to %v", heard.Since, heard.Until, q.Since, q.Until)
		}
		moment, long := time.Unix(at, 0), time.Duration(span)
		if err := RequireQuiet(read.Manifest(), long, moment); err != nil || long <= 0 {
			return
		}
		if q.Until.Sub(q.Since) < long.Truncate(time.Second) || q.Until.Before(q.Since) || moment.Sub(q.Until).Abs() > long {
			t.Fatalf("at %v a silence of %v is taken from %v to %v", moment, long, q.Since, q.Until)
		}
	})
}
