package doctorcmd

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/doctor"
)

// verbs are the commands of the noun: here the noun itself.
type verbs struct{ *app.App }

// New builds `latch doctor`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what works here and what is missing",
		Long: `Looks at the manifest, the keyring, the keystore in use, your identity, permissions
of files and folders, what git would take, the env files beside the manifest and the
NATS servers that it names, and says of each what is wrong and what to do. The servers
are only dialled, for at most two seconds: no login, no TLS.

It unlocks nothing, asks nothing, changes nothing and prints no secret: a bug report
begins with what it prints. Exit code 3 if something that is needed is missing.`,
		Example: "  latch doctor\n  latch doctor -o json | jq '.checks[] | select(.status == \"missing\")'",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c) },
	}
}

func (a verbs) doctor(c *cobra.Command) error {
	facts, err := a.gather(c.Context())
	if err != nil {
		return err
	}
	findings := doctor.Examine(facts)
	doc := struct {
		OK       bool             `json:"ok"`
		Version  string           `json:"version"`
		Go       string           `json:"go"`
		Platform string           `json:"platform"`
		Checks   []doctor.Finding `json:"checks"`
	}{!doctor.AnyMissing(findings), a.Sys.Release(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, findings}
	const text = 9 // where it begins, behind the status
	err = a.ShowProse(doc, text, func(w io.Writer) {
		fmt.Fprintf(w, "latch %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
		for _, f := range findings {
			a.write(w, f)
		}
	})
	if err == nil && !doc.OK {
		return app.No()
	}
	return err
}

// write prints a finding and, below it, what to do.
func (a verbs) write(w io.Writer, f doctor.Finding) {
	p := a.OutPalette()
	status := fmt.Sprintf("%-7s", f.Status)
	switch f.Status {
	case doctor.OK:
		status = p.Green(status)
	case doctor.Warning:
		status = p.Yellow(status)
	case doctor.Missing:
		status = p.Red(status)
	}
	fmt.Fprintf(w, "%s  %s: %s\n", status, f.Check, f.Message)
	if f.Remedy != "" {
		fmt.Fprintf(w, "         %s %s\n", p.Cyan("hint:"), f.Remedy)
	}
}
