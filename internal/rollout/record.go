package rollout

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

// Want is how a host is to come back: it is all public.
type Want struct {
	Host       string   `json:"host"`
	Signs      string   `json:"signs,omitempty"` // the public key, empty where its target has none
	Accepts    []string `json:"accepts,omitempty"`
	Generation uint64   `json:"generation"` // of the manifest
}

// record is what the supervisors of a lattice share.
type record struct {
	Version int    `json:"version"`
	Fence   uint64 `json:"fence"` // the number of the last turn: each has its own
	Turns   []turn `json:"turns,omitempty"`
	Halts   []Halt `json:"halts,omitempty"`
}

// turn is a lease to have one host down.
type turn struct {
	Want     Want    `json:"want"`
	Holder   string  `json:"holder"` // which supervisor: no two have the same
	Fence    uint64  `json:"fence"`
	Beat     uint64  `json:"beat"`             // grows with each renewal
	Lease    seconds `json:"lease_seconds"`    // it has expired when nothing was renewed for so long
	Patience seconds `json:"patience_seconds"` // how long its host may take after that to be there again
	// Deadline is for people, by the holder's clock: nobody decides by it.
	Deadline time.Time `json:"deadline"`
}

// Halt is a host that did not come back. Nobody begins a turn until it has.
type Halt struct {
	Want Want      `json:"want"`
	Why  string    `json:"why"`
	By   string    `json:"by"` // the host whose supervisor noticed
	At   time.Time `json:"at"`
}

type seconds float64

func (s seconds) duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

func inSeconds(d time.Duration) seconds { return seconds(d.Seconds()) }

const recordVersion = 1

// decode reads a record; none yet is an empty one.
func decode(data []byte) (record, error) {
	if len(data) == 0 {
		return record{Version: recordVersion}, nil
	}
	var r record
	err := json.Unmarshal(data, &r)
	if err == nil && r.Version != recordVersion {
		err = fmt.Errorf("it has version %d", r.Version)
	}
	if err == nil {
		err = r.sound()
	}
	if err != nil {
		return record{}, fault.New(fault.Unavailable, "the record of the roll-out cannot be read").Because(err).
			WithHint("it is another program's, or a newer latch's: find out what writes to its bucket")
	}
	return r, nil
}

// longest is the longest lease that is believed, and more than any that is asked for.
const longest = 365 * 24 * time.Hour

// sound is an error where a supervisor cannot have written the record: others would
// take a lease without an end for one that has expired.
func (r record) sound() error {
	if r.Fence == math.MaxUint64 {
		return errors.New("it has no number left for a turn")
	}
	for _, t := range r.Turns {
		if t.Fence > r.Fence {
			return fmt.Errorf("turn %d comes after the last one, %d", t.Fence, r.Fence)
		}
		for _, span := range []seconds{t.Lease, t.Patience} {
			if span < 0 || span > inSeconds(longest) {
				return fmt.Errorf("turn %d lasts %g seconds", t.Fence, float64(span))
			}
		}
	}
	return nil
}

func (r record) encode() ([]byte, error) { return json.Marshal(r) }

// begin gives a turn, under a number that no other ever had.
func (r record) begin(t turn) record {
	next := r.clone()
	next.Fence++
	t.Fence = next.Fence
	next.Turns = append(next.Turns, t)
	return next
}

// renew shows that the holder of a turn is alive; false where it has lost it.
func (r record) renew(fence uint64, deadline time.Time) (record, bool) {
	next := r.clone()
	i := next.at(fence)
	if i < 0 {
		return r, false
	}
	next.Turns[i].Beat++
	next.Turns[i].Deadline = deadline
	return next, true
}

// end takes a turn away.
func (r record) end(fence uint64) record {
	next := r.clone()
	next.Turns = slices.DeleteFunc(next.Turns, func(t turn) bool { return t.Fence == fence })
	return next
}

// halt ends the turn of a host that has not come back, and all others wait for it.
func (r record) halt(fence uint64, h Halt) record {
	next := r.clear(h.Want.Host).end(fence)
	next.Halts = append(next.Halts, h)
	return next
}

// clear takes down that a host did not come back.
func (r record) clear(host string) record {
	next := r.clone()
	next.Halts = slices.DeleteFunc(next.Halts, func(h Halt) bool { return h.Want.Host == host })
	return next
}

func (r record) at(fence uint64) int {
	return slices.IndexFunc(r.Turns, func(t turn) bool { return t.Fence == fence })
}

func (r record) clone() record {
	r.Turns, r.Halts = slices.Clone(r.Turns), slices.Clone(r.Halts)
	return r
}
