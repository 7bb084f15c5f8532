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
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/terminal"
)

type showOptions struct {
	paths   []string
	against []string
	readBy  string
	format  string
}

func newShow(a verbs) *cobra.Command {
	var o showOptions
	c := &cobra.Command{
		Use:   "show [FILE...]",
		Short: "Show the lattice and which hosts accept each other",
		Long: `Shows the manifest and draws which hosts accept each other: the host of a row signs,
the host of a column accepts, and a red cross is a call that will be refused. Needs
no seed. Given env files, or folders of them, it draws what those say instead and
needs no manifest.

--against names the env files that the hosts run with now. During a deploy any host
may still run with those, so both are drawn together. Exit code 3 if a call would
be refused meanwhile, or if a file does not tell. Files of other lattices are passed
over. A manifest that is older than the files is refused.`,
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
	names := drawings()
	c.Flags().StringVar(&o.format, "format", names[0], "how to draw it: "+strings.Join(names, ", "))
	app.HasOwnForm(c, "format")
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	app.AddReadByFlag(c, &o.readBy, envfile.ReadingNames())
	listflag.Add(c.Flags(), &o.against, "against", "env files, or folders of them, that the hosts run with now")
	return a.PerLattice(c, "against", "format")
}

// drawings are the names of all ways to draw.
func drawings() []string {
	var names []string
	for _, d := range report.Drawings() {
		names = append(names, d.Name)
	}
	return names
}

func (a verbs) show(ctx context.Context, o showOptions) error {
	choice := slices.IndexFunc(report.Drawings(), func(d report.Drawing) bool { return d.Name == o.format })
	if choice < 0 {
		return fault.New(fault.Usage, "unknown format %q: must be one of %s%s", o.format, strings.Join(drawings(), ", "), similar.Question(o.format, drawings())).WithHint("latch lattice show --help")
	}
	doc, told, err := a.next(ctx, o)
	if err != nil {
		return err
	}
	deployed, err := a.observed(ctx, o.against, o.readBy, doc)
	if err != nil {
		return err
	}
	standings := lattice.Mix(standingsOf(told), standingsOf(deployed))
	unknown := unknownAmong(told, deployed)
	matrix := lattice.NewMatrix(standings)
	shown := struct {
		*app.ManifestDocument
		Standings []standingDocument `json:"standings"`
		Refused   refusalsDocument   `json:"refused"`
		Unknown   []unknownDocument  `json:"unknown"`
	}{doc, describeStandings(standings), refusalsDocument(matrix), unknown}
	err = a.Show(shown, func(w io.Writer) {
		if doc != nil && choice == 0 {
			fmt.Fprintf(w, "lattice %s, generation %d, keystore %s\n\n", doc.Lattice, doc.Generation, doc.Keystore)
			printIssuers(w, a.Width(), doc.Issuers)
			fmt.Fprintln(w)
		}
		report.Drawings()[choice].Draw(w, report.NewChart(matrix, doc.IssuerNames()), a.OutPalette(), a.Width())
	})
	if err != nil {
		return err
	}
	for _, u := range unknown {
		a.Warn("how %s stands is not known: %s: %s", u.Host, u.File, u.Doubt)
	}
	refused := matrix.CountRefusals()
	if refused > 0 {
		a.Warn("%d call%s between hosts will be refused", refused, app.Plural(refused))
	}
	if len(o.against) > 0 && refused+len(unknown) > 0 {
		return app.No()
	}
	return nil
}

// next is how the hosts are told now: by the manifest, or by the files named.
func (a verbs) next(ctx context.Context, o showOptions) (*app.ManifestDocument, []lattice.Observation, error) {
	if len(o.paths) > 0 {
		seen, err := a.observed(ctx, o.paths, o.readBy, nil)
		return nil, seen, err
	}
	file, err := a.Manifest()
	if err != nil {
		return nil, nil, err
	}
	if err := env.CheckCurrent(env.Folder(file.Path()), file.Manifest()); err != nil {
		return nil, nil, err
	}
	m := file.Manifest()
	doc := app.DescribeManifest(file.Path(), m)
	var told []lattice.Observation
	for _, s := range m.Standings() {
		told = append(told, lattice.Observation{Standing: s, Generation: m.Generation})
	}
	return &doc, told, nil
}

// observed is how hosts stand by env files: those of the manifest's lattice, if there is
// one. It refuses a manifest that is older than what they say.
func (a verbs) observed(ctx context.Context, paths []string, readBy string, doc *app.ManifestDocument) ([]lattice.Observation, error) {
	reading, err := envfile.ParseReading(readBy)
	if err != nil {
		return nil, err
	}
	hosts, findings, err := envfile.Load(ctx, paths, envfile.Options{Reading: reading, Stdin: a.Sys.Stdin, Settle: a.Settle, Reads: a.TraceRead})
	defer envfile.Wipe(hosts)
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		return nil, fault.New(fault.Failed, "%s", findings[0]).WithHint("latch env check %s", findings[0].File)
	}
	telling := slices.DeleteFunc(slices.Clone(hosts), func(h envfile.Host) bool {
		return !h.TellsHost() || doc != nil && judge.Elsewhere(h, doc.Lattice)
	})
	if doc != nil {
		if len(hosts) > 0 && len(telling) == 0 {
			return nil, fault.New(fault.NotFound, "no host in those env files is of the lattice %s", doc.Lattice).WithHint("name the files that its hosts run with: --against FILE")
		}
		ours := judge.Observe(judge.InLattice(hosts, doc.Lattice), a.Sys.Now())
		if err := rotation.CheckCurrent(lattice.Manifest{Generation: doc.Generation}, ours); err != nil {
			return nil, err
		}
	}
	return judge.Observe(telling, a.Sys.Now()), nil
}

func printIssuers(w io.Writer, width int, issuers []app.IssuerDocument) {
	rows := make([][]string, len(issuers))
	for i, issuer := range issuers {
		created := "-"
		if issuer.Created != nil {
			created = issuer.Created.Format(time.RFC3339)
		}
		rows[i] = []string{issuer.Name, issuer.PublicKey.String(), created}
	}
	terminal.Table(w, width, []string{"ISSUER", "PUBLIC KEY", "CREATED"}, rows)
}
