package configcmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch config`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "config", Short: "Show and change the settings"}
	app.AsGroup(c)
	c.AddCommand(newShow(a), newGet(a), newSet(a), newPath(a))
	return c
}

// settingRow is one setting as `config show` prints it.
type settingRow struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Origin string `json:"origin"`
}

func newShow(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Show every setting and where its value came from",
		Long: `Shows every setting, its value and where that came from. A flag overrides a
variable, a variable the settings file, and the file the default. The keystore
that the manifest names overrides the one in the settings file. Of a nats: keystore it
shows the revision, and which manifests were published there.

The settings file is the one LATCH_CONFIG names, or latch/config.yaml in your
configuration folder. It can set: ` + strings.Join(settings.Keys(), ", ") + ".",
		Example: "  latch config show\n  LATCH_KEYSTORE=dir:keys latch config show -o json",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.show(c.Context()) },
	}
}

func (a verbs) show(ctx context.Context) error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	uri, origin, err := a.KeystoreURI()
	if err != nil {
		return err
	}
	rows := make([]settingRow, 0, len(settings.Table()))
	for _, setting := range settings.Table() {
		row, err := a.row(s, setting.Key)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	backend := keystore.Backend(uri, a.KeystoreBase(origin))
	doc := struct {
		File     string       `json:"file"`
		Settings []settingRow `json:"settings"`
		Backend  string       `json:"backend"`
		app.KeystoreDocument
	}{s.File(), rows, backend, a.keystore(ctx, uri, origin)}
	return a.Show(doc, func(w io.Writer) {
		cells := make([][]string, len(rows))
		for i, r := range rows {
			cells[i] = []string{r.Key, r.Value, r.Origin}
		}
		terminal.Table(w, a.Width(), []string{"SETTING", "VALUE", "ORIGIN"}, cells)
		if backend == "" {
			return // the keystore's own error says what is wrong with the URI
		}
		fmt.Fprintf(w, "\nSeeds are stored in %s: %s, from %s.\n", backend, uri, because(origin))
		doc.Print(w)
	})
}

// row is a setting as it is in force: the manifest names a keystore, and may lie in a
// parent folder.
func (a verbs) row(s *settings.Settings, key string) (row settingRow, err error) {
	row = settingRow{key, s.Value(key), s.Origin(key)}
	switch key {
	case "keystore":
		row.Value, row.Origin, err = a.KeystoreURI()
	case "manifest":
		if path := a.ManifestPath(); path != s.Manifest {
			row.Value, row.Origin = path, "found in a parent folder"
		}
	}
	return row, err
}

// lookTime is how long a keystore may take to say how it stands.
const lookTime = 3 * time.Second

// keystore says how the one in use stands, as far as it does so at once.
func (a verbs) keystore(ctx context.Context, uri, origin string) app.KeystoreDocument {
	store, err := a.OpenUnasked(uri, origin)
	if err != nil {
		return app.KeystoreDocument{Keystore: uri}
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return app.DescribeKeystore(ctx, store)
}

// because turns an origin into the subject of a sentence.
func because(origin string) string {
	if kind, what, found := strings.Cut(origin, " "); found && kind != "default" {
		return map[string]string{"flag": "the flag ", "env": "the variable ", "file": "the settings file ", "manifest": "the manifest "}[kind] + what
	}
	return "the default"
}
