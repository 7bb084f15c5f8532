package invocationcmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation/tap"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// expect says which keys are to fall silent, and of how many hosts calls are to be
// heard. OTP hosts give their cluster key for host ID, so that those that share
// one cannot be told apart: one of them speaks for all.
func (l *listener) expect(m lattice.Manifest, o *tap.Options) {
	if m.Rotation == nil {
		return
	}
	old := rotation.OldKeys(m)
	known := m.Issuers
	if r := m.Rotation; r != nil {
		known = append(known, r.Retired...)
	}
	for _, issuer := range known {
		if old[issuer.Name] {
			l.old[issuer.PublicKey.String()] = issuer.Name
			o.Old = append(o.Old, issuer.PublicKey.String())
		}
	}
	o.Signers = map[string]int{}
	alike := map[string]bool{} // OTP hosts are counted already
	for _, host := range m.Hosts {
		issuer, there := m.Issuer(host.SignsWith)
		if !there {
			continue
		}
		key := issuer.PublicKey.String()
		switch otp := m.TargetOf(host).IsOTP(); {
		case !otp:
			o.Signers[key]++
		case !alike[key]:
			alike[key] = true
			o.Signers[key]++
		}
	}
}

// quiet is what is known of the silence of old keys, with what keeps this user
// from hearing all.
func (l *listener) quiet() tap.Quiet {
	q := l.tap.Quiet()
	for i, reason := range q.Unknown {
		for _, issuer := range l.accepted.lattice.Issuers {
			reason = strings.ReplaceAll(reason, issuer.PublicKey.String(), issuer.Name)
		}
		q.Unknown[i] = reason
	}
	if l.deaf != "" {
		q.Unknown = append(q.Unknown, l.deaf)
	}
	return q
}

// record takes the silence down in the manifest as it is now: it may have changed
// since the listening began.
func (l *listener) record(ctx context.Context) error {
	file, err := l.Manifest()
	if err != nil {
		return err
	}
	if began, now := l.accepted.lattice.Rotation, file.Manifest().Rotation; now == nil || !now.Entered.Equal(began.Entered) {
		return fault.New(fault.Refused, "the rotation has gone on since the listening began: nothing was recorded").WithHint("latch issuers rotate status")
	}
	q := l.quiet()
	heard := lattice.Quiet{}
	if q.Known() {
		heard = lattice.Quiet{Since: q.Since, Until: q.Until}
	}
	next, err := rotation.Hear(file.Manifest(), heard)
	if err != nil {
		return err
	}
	if file, err = file.Update(next); err != nil {
		return err
	}
	if err := l.SaveWithKeys(ctx, file, app.FreshKeys{}); err != nil {
		return err
	}
	if !q.Known() {
		l.Say("Nothing was recorded: it is not known.")
		return app.No()
	}
	l.Say("Recorded in %s. Next: latch issuers rotate next --require-quiet %s", file.Path(), rotation.FlagSpan(l.o.span))
	return nil
}

// printQuiet says what is known of the silence of the old keys.
func printQuiet(w io.Writer, q tap.Quiet) {
	if q.Known() {
		fmt.Fprintf(w, "no call was signed with an old key from %s to %s, and %d with other keys\n", stamp(q.Since), stamp(q.Until), q.Calls)
		return
	}
	fmt.Fprintf(w, "whether the old keys are silent is not known: %s\n", strings.Join(q.Unknown, "; "))
	if q.Why != "" {
		fmt.Fprintf(w, "at %s: %s\n", stamp(q.Since), q.Why)
	}
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
