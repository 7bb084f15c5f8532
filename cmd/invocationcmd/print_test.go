package invocationcmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/terminal"
)

// Whoever sends a call writes most of what is shown of it: that makes no line of its
// own, which would pass for one of latch's, and fills no screen.
func TestStrangersMakeNoLines(t *testing.T) {
	t.Parallel()
	const forged = "x\n2026-11-21T12:00:00Z accepted all"
	long := strings.Repeat("y", 1<<20)
	check := &invocation.Check{Name: "host_id", Why: "no", Wanted: forged, Found: forged, Host: forged}
	message := invocation.Message{
		Origin: invocation.Entity{PublicKey: "M" + forged}, Target: invocation.Entity{PublicKey: "V", LinkName: forged, ContractID: forged},
		Operation: forged, ID: forged, HostID: forged,
	}
	claims := invocation.NewClaims(message, forged, forged, 0)
	call := callDocument{
		At: time.Unix(0, 0), Subject: forged, OriginURL: message.OriginURL(), TargetURL: message.TargetURL() + long, HostID: forged + long,
		Verdict: invocation.Refused, Signer: forged, First: check, Cause: forged, Payload: []byte(forged),
	}
	unread := call
	unread.TargetURL = ""
	for name, show := range map[string]func(*bytes.Buffer){
		"a call":         func(b *bytes.Buffer) { call.print(b, terminal.Palette{}) },
		"an unread call": func(b *bytes.Buffer) { unread.print(b, terminal.Palette{}) },
		"a verdict": func(b *bytes.Buffer) {
			verdictDocument{From: forged, Report: invocation.Report{Verdict: invocation.Refused, First: check}, IssuersOf: forged, Cause: forged}.print(b, terminal.Palette{})
		},
		"an invocation": func(b *bytes.Buffer) { shown("stdin", &message, &claims).print(b) },
	} {
		var b bytes.Buffer
		show(&b)
		if !strings.Contains(b.String(), `x\n2026`) || strings.Contains(b.String(), "\n2026-11") || b.Len() > 10_000 {
			t.Errorf("%s is shown as %.2000s", name, &b)
		}
	}
}
