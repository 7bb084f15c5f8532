package cmd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

type latticeShowOptions struct {
	paths   []string
	against []string
	format  string
}

func newLatticeShow(a *app) *cobra.Command {
	var o latticeShowOptions
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
			return a.latticeShow(c.Context(), o)
		},
	}
	var names []string
	for _, d := range drawings() {
		names = append(names, d.name)
	}
	c.Flags().StringVar(&o.format, "format", names[0], "how it is drawn: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	c.Flags().StringSliceVar(&o.against, "against", nil, "env files, or folders of them, that the hosts have now")
	return c
}

func (a *app) latticeShow(ctx context.Context, o latticeShowOptions) error {
	choice := slices.IndexFunc(drawings(), func(d drawing) bool { return d.name == o.format })
	if choice < 0 {
		return fault.New(fault.Usage, "unknown format %q: must be one of table, mermaid, svg", o.format).WithHint("latch lattice show --help")
	}
	doc, standings, err := a.next(ctx, o.paths)
	if err != nil {
		return err
	}
	if len(o.against) > 0 {
		deployed, err := a.standingsIn(ctx, o.against)
		if err != nil {
			return err
		}
		standings = lattice.Mix(standings, deployed)
	}
	matrix := lattice.NewMatrix(standings)
	shown := struct {
		*manifestDocument
		Standings []standingDocument `json:"standings"`
		Refused   []refusalDocument  `json:"refused"`
	}{doc, describeStandings(standings), describeRefusals(matrix)}
	err = a.show(shown, func(w io.Writer) {
		if doc != nil && choice == 0 {
			fmt.Fprintf(w, "lattice %s, generation %d, keystore %s\n\n", doc.Lattice, doc.Generation, doc.Keystore)
			printIssuers(w, doc.Issuers)
			fmt.Fprintln(w)
		}
		drawings()[choice].draw(w, newChart(matrix, doc.names()), a.outPalette())
	})
	if err == nil && len(shown.Refused) > 0 {
		a.warn("%d call%s between hosts will be refused", len(shown.Refused), plural(len(shown.Refused)))
		if len(o.against) > 0 {
			return no()
		}
	}
	return err
}

// next is how the hosts are told now: by the manifest, or by the files named.
func (a *app) next(ctx context.Context, paths []string) (*manifestDocument, []lattice.Standing, error) {
	if len(paths) > 0 {
		standings, err := a.standingsIn(ctx, paths)
		return nil, standings, err
	}
	file, err := a.manifest()
	if err != nil {
		return nil, nil, err
	}
	m := file.Manifest()
	doc := describeManifest(file.Path(), m)
	return &doc, m.Standings(), nil
}

// standingsIn are what env files say.
func (a *app) standingsIn(ctx context.Context, paths []string) ([]lattice.Standing, error) {
	hosts, findings, err := a.hostFiles(ctx, paths, nil)
	defer envfile.Wipe(hosts)
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		return nil, fault.New(fault.Failed, "%s", findings[0]).WithHint("latch env check %s", findings[0].File)
	}
	var standings []lattice.Standing
	for _, h := range hosts {
		if h.TellsHost() {
			standings = append(standings, h.Standing())
		}
	}
	return standings, nil
}

func printIssuers(w io.Writer, issuers []issuerDocument) {
	rows := make([][]string, len(issuers))
	for i, issuer := range issuers {
		created := "-"
		if issuer.Created != nil {
			created = issuer.Created.Format(time.RFC3339)
		}
		rows[i] = []string{issuer.Name, issuer.PublicKey.String(), created}
	}
	table(w, []string{"ISSUER", "PUBLIC KEY", "CREATED"}, rows)
}
