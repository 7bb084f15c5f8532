package rotation

import (
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// OldKeys are the issuers that the rotation gives up, by their names.
func OldKeys(m lattice.Manifest) map[string]bool {
	if m.Rotation == nil {
		return nil
	}
	return oldKeys(m.Rotation)
}

// Hear takes down in what time no call was signed with an old key; the zero Quiet
// that one was, or that it is not known. It refuses where no host is told to sign
// with the new keys yet.
func Hear(m lattice.Manifest, q lattice.Quiet) (lattice.Manifest, error) {
	if err := CheckListening(m); err != nil {
		return m, err
	}
	next := m.Clone()
	next.Rotation.Quiet = lattice.Quiet{}
	if !q.Until.IsZero() {
		next.Rotation.Quiet = lattice.Quiet{Since: second(q.Since), Until: second(q.Until)}
	}
	return next, nil
}

// CheckListening refuses to listen for old keys where hosts are still told to sign
// with them.
func CheckListening(m lattice.Manifest) error {
	switch {
	case m.Rotation == nil:
		return noRotation()
	case m.Rotation.Phase == lattice.PhaseIntroduce:
		return fault.New(fault.Refused, "in phase %s hosts still sign with the old keys: there is no silence to be heard", m.Rotation.Phase).
			WithHint("latch issuers rotate status")
	}
	return nil
}

// RequireQuiet refuses to leave phase switch unless the old keys are known to
// have been silent for so long, and that not longer ago.
func RequireQuiet(m lattice.Manifest, span time.Duration, at time.Time) error {
	if m.Rotation == nil || m.Rotation.Phase != lattice.PhaseSwitch || span <= 0 {
		return nil
	}
	q := m.Rotation.Quiet
	var reason string
	switch {
	case q.Until.IsZero():
		reason = "whether calls are still signed with an old key is not known"
	case q.Until.Sub(q.Since) < span.Truncate(time.Second):
		reason = fmt.Sprintf("no call with an old key was heard for %s, which is less than %s", FlagSpan(q.Until.Sub(q.Since)), FlagSpan(span))
	case at.Sub(q.Until) > span:
		reason = fmt.Sprintf("calls were last listened to at %s, more than %s ago", q.Until.Format(time.RFC3339), FlagSpan(span))
	case q.Until.Sub(at) > span:
		reason = fmt.Sprintf("calls were listened to until %s, which is yet to come: somebody's clock is wrong", q.Until.Format(time.RFC3339))
	default:
		return nil
	}
	return blocked(m.Rotation.Phase, []Obstacle{{Reason: reason, need: needsQuiet, span: span}})
}
