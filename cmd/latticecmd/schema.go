package latticecmd

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/lattice/schema"
)

func newSchema(a verbs) *cobra.Command {
	var shared bool
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the manifest",
		Long: `Prints the JSON Schema (draft-07) of the manifest. With it an editor completes the
fields of lattice.yaml, explains them and underlines what is wrong.

The schema accepts every manifest that latch accepts. Checksums, names that stand
twice and names that refer to nothing are beyond it: latch lattice check finds those.`,
		Example: `  latch lattice schema > lattice.schema.json
  latch lattice schema | jq '.properties | keys'`,
		Args: app.Exactly(),
		RunE: func(*cobra.Command, []string) error {
			if shared {
				return a.schema(lattice.SharedSchema())
			}
			return a.schema(lattice.Schema())
		},
	}
	c.Flags().BoolVar(&shared, "shared", false, "that of the file which manifests include")
	return c
}

// schema prints the same document whatever the form of output: it is JSON anyway.
func (a verbs) schema(s schema.Schema) error {
	return a.Show(s, func(w io.Writer) {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(s) // the writer keeps its error
	})
}
