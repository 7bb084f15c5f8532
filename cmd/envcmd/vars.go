package envcmd

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

func newVars(a verbs) *cobra.Command {
	var target string
	c := &cobra.Command{
		Use:   "vars",
		Short: "List the variables that hosts read",
		Long: `Lists every environment variable that hosts read: what it means, its form and which
hosts read it. latch writes those marked with a star from the manifest; put the
others, unless they are secrets, into env in the manifest. Needs neither manifest
nor keystore.`,
		Example: "  latch env vars\n  latch env vars --target otp\n  latch env vars -o json | jq -r '.variables[] | select(.sensitive) | .name'",
		Args:    app.Exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.vars(target) },
	}
	c.Flags().StringVar(&target, "target", "", "list only what hosts of this target read: "+app.AllTargetNames())
	_ = c.RegisterFlagCompletionFunc("target", app.CompleteAllTargets)
	return c
}

// variableDocument is one variable as JSON output gives it.
type variableDocument struct {
	Name      string             `json:"name"`
	Meaning   string             `json:"meaning"`
	Form      string             `json:"form"`
	Sensitive bool               `json:"sensitive"`
	Written   bool               `json:"written"`
	Targets   []wasmcloud.Target `json:"targets"`
	Releases  string             `json:"releases"`

	readers string
}

func (a verbs) vars(target string) error {
	var only wasmcloud.Target
	if target != "" {
		var err error
		if only, err = wasmcloud.ParseTarget(target); err != nil {
			return fault.As(fault.Usage, err)
		}
	}
	docs := []variableDocument{}
	for _, v := range wasmcloud.Variables() {
		if only.IsZero() || v.ReadBy(only) {
			docs = append(docs, variableDocument{
				v.Name, v.Meaning, v.Form, v.Sensitivity == wasmcloud.Secret, env.Writes(v), v.Targets(), v.Releases(), v.Readers(),
			})
		}
	}
	return a.Show(struct {
		Variables []variableDocument `json:"variables"`
	}{docs}, func(w io.Writer) { printVariables(w, a.Width(), docs) })
}

func printVariables(w io.Writer, width int, docs []variableDocument) {
	rows := make([][]string, len(docs))
	for i, v := range docs {
		written, form := " ", v.Form
		if v.Written {
			written = "*"
		}
		if v.Sensitive {
			form += " (secret)"
		}
		rows[i] = []string{written, v.Name, v.readers, form, v.Meaning}
	}
	terminal.Table(w, width, []string{" ", "VARIABLE", "READ BY", "FORM", "MEANING"}, rows)
}
