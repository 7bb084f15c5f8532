package envcmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type checkOptions struct {
	paths  []string
	readBy string
	target string
}

func newCheck(a verbs) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check env files, each and together; needs no manifest",
		Long: `Checks the env files of a lattice's hosts: each by what its host does with the
values, and all together, so that no host refuses another. Reads env files, files
for sh, fish and PowerShell, host_config.json, docker compose projects, systemd
units, objects of Kubernetes, and folders of them; - is standard input. Says what
it cannot check, with exit code 3. Prints no secret.

Programs read env files differently: an OTP host and docker keep quotes as part of a
value. --read-by says which program reads the files:
` + readByHelp() + `
Without it, .env is read as an OTP host reads it and a file with export as a shell
does; any other file must mean the same to all of them.

Exit code 3 if there is an error; with warnings alone it is 0. -o sarif is for the
annotations of CI services.`,
		Example: "  latch env check env/*.env\n  latch env check --read-by docker --target rust-0.82 web-1.env web-2.env\n  latch env check -o sarif deploy/ > latch.sarif\n  kubectl get deployment,secret,configmap -o yaml | latch env check -",
		Args:    app.AtLeastOne("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return a.check(c.Context(), o)
		},
	}
	app.AddReadByFlag(c, &o.readBy, envfile.ReadingNames())
	c.Flags().StringVar(&o.target, "target", "", "target of the hosts, if the files do not say: "+app.TargetNames())
	_ = c.RegisterFlagCompletionFunc("target", app.CompleteTargets)
	app.GivesSARIF(c)
	return c
}

func (a verbs) check(ctx context.Context, o checkOptions) error {
	var target wasmcloud.Target
	reading, err := envfile.ParseReading(o.readBy)
	if err != nil {
		return err
	}
	if o.target != "" {
		if target, err = wasmcloud.ParseTarget(o.target); err != nil {
			return fault.As(fault.Usage, err)
		}
	}
	options := envfile.Options{
		Reading: reading, Target: func(string) wasmcloud.Target { return target }, Stdin: a.Sys.Stdin, Settle: a.Settle, Reads: a.TraceRead,
	}
	hosts, findings, err := envfile.Load(ctx, o.paths, options)
	defer envfile.Wipe(hosts)
	if err != nil {
		return err
	}
	findings = append(findings, judge.Check(hosts, judge.Options{Target: target, Now: a.Sys.Now()})...)
	finding.Sort(findings)
	return a.ShowFindings(findings, o.paths, judge.Rules())
}

// readByHelp is what the help says of who reads files.
func readByHelp() string {
	var list strings.Builder
	for _, r := range envfile.Readings() {
		list.WriteString("  " + r.Name() + strings.Repeat(" ", 10-len(r.Name())) + r.About() + "\n")
	}
	return list.String()
}
