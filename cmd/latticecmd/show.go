package latticecmd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/terminal"
)

type showOptions struct {
	paths   []string
	against []string
	readBy  app.ReadBy
	format  string
}

func newShow(a verbs) *cobra.Command {
	var o showOptions
	c := &cobra.Command{
		Use:   "show [FILE...]",
		Short: "The lattice, and who accepts whom",
		Long: `Shows what the manifest says and draws who accepts whom: the host of a row
signs, the host of a column accepts; a red cross is a call that will be refused.
It needs no seed. With files, env files or folders of them, it draws what those
say instead, without a manifest.

--against names the env files that the hosts have now. While a deploy goes on
any host may still run as those say, so both are drawn together; exit code 3 if
some call would be refused meanwhile.`,
		Example: `  latch lattice show
  latch lattice show -o json | jq .refused
  latch lattice show --format svg > lattice.svg
  latch lattice show --against /etc/wasmcloud`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return a.show(c.Context(), o)
		},
	}
	var names []string
	for _, d := range report.Drawings() {
		names = append(names, d.Name)
	}
	c.Flags().StringVar(&o.format, "format", names[0], "how it is drawn: "+strings.Join(names, ", "))
	app.HasOwnForm(c, "format")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	o.readBy.Register(c)
	c.Flags().StringSliceVar(&o.against, "against", nil, "env files, or folders of them, that the hosts have now")
	return c
}

func (a verbs) show(ctx context.Context, o showOptions) error {
	choice := slices.IndexFunc(report.Drawings(), func(d report.Drawing) bool { return d.Name == o.format })
	if choice < 0 {
		return fault.New(fault.Usage, "unknown format %q: must be one of table, mermaid, svg", o.format).WithHint("latch lattice show --help")
	}
	doc, standings, err := a.next(ctx, o)
	if err != nil {
		return err
	}
	if len(o.against) > 0 {
		deployed, err := a.standingsIn(ctx, o.against, o.readBy)
		if err != nil {
			return err
		}
		standings = lattice.Mix(standings, deployed)
	}
	matrix := lattice.NewMatrix(standings)
	shown := struct {
		*app.ManifestDocument
		Standings []standingDocument `json:"standings"`
		Refused   []refusalDocument  `json:"refused"`
	}{doc, describeStandings(standings), describeRefusals(matrix)}
	err = a.Show(shown, func(w io.Writer) {
		if doc != nil && choice == 0 {
			fmt.Fprintf(w, "lattice %s, generation %d, keystore %s\n\n", doc.Lattice, doc.Generation, doc.Keystore)
			printIssuers(w, doc.Issuers)
			fmt.Fprintln(w)
		}
		report.Drawings()[choice].Draw(w, report.NewChart(matrix, doc.IssuerNames()), a.OutPalette())
	})
	if err == nil && len(shown.Refused) > 0 {
		a.Warn("%d call%s between hosts will be refused", len(shown.Refused), app.Plural(len(shown.Refused)))
		if len(o.against) > 0 {
			return app.No()
		}
	}
	return err
}

// next is how the hosts are told now: by the manifest, or by the files named.
func (a verbs) next(ctx context.Context, o showOptions) (*app.ManifestDocument, []lattice.Standing, error) {
	if len(o.paths) > 0 {
		standings, err := a.standingsIn(ctx, o.paths, o.readBy)
		return nil, standings, err
	}
	file, err := a.Manifest()
	if err != nil {
		return nil, nil, err
	}
	m := file.Manifest()
	doc := app.DescribeManifest(file.Path(), m)
	return &doc, m.Standings(), nil
}

// standingsIn are what env files say. What their readers do not read alike is an
// error, since nobody knows how such a host stands.
func (a verbs) standingsIn(ctx context.Context, paths []string, readBy app.ReadBy) ([]lattice.Standing, error) {
	options, err := readBy.Options()
	if err != nil {
		return nil, err
	}
	hosts, findings, err := a.HostFiles(ctx, paths, options)
	defer envfile.Wipe(hosts)
	if err != nil {
		return nil, err
	}
	hosts = slices.DeleteFunc(hosts, func(h envfile.Host) bool { return !h.TellsHost() })
	var standings []lattice.Standing
	for _, seen := range envfile.Observe(hosts, a.Sys.Now()) {
		findings = append(findings, seen.Unknown...)
		standings = append(standings, seen.Standing)
	}
	if len(findings) > 0 {
		return nil, fault.New(fault.Failed, "%s", findings[0]).WithHint("latch env check %s", findings[0].File)
	}
	return standings, nil
}

func printIssuers(w io.Writer, issuers []app.IssuerDocument) {
	rows := make([][]string, len(issuers))
	for i, issuer := range issuers {
		created := "-"
		if issuer.Created != nil {
			created = issuer.Created.Format(time.RFC3339)
		}
		rows[i] = []string{issuer.Name, issuer.PublicKey.String(), created}
	}
	terminal.Table(w, []string{"ISSUER", "PUBLIC KEY", "CREATED"}, rows)
}
