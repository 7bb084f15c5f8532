package cmd

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

func newKeys(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: "Make, keep and judge keys",
		Long: `Make, keep and judge keys. Called through a link named keys, latch is this
command: keys gen cluster.`,
	}
	asGroup(c)
	c.AddCommand(newKeysGen(a), newKeysList(a), newKeysGet(a), newKeysRename(a), newKeysDelete(a), newKeysValidate(a), newKeysImport(a),
		newKeysExport(a))
	return c
}

// keyDocument is a stored key as JSON output gives it.
type keyDocument struct {
	Name      string         `json:"name"`
	Kind      string         `json:"kind"`
	PublicKey keys.PublicKey `json:"public_key"`
	Keystore  string         `json:"keystore,omitempty"`
	Created   *time.Time     `json:"created,omitempty"`
	Seed      string         `json:"seed,omitempty"`
}

func describe(e keystore.Entry) keyDocument {
	doc := keyDocument{Name: e.Name, Kind: e.PublicKey.Kind().String(), PublicKey: e.PublicKey}
	if !e.Created.IsZero() {
		doc.Created = &e.Created
	}
	return doc
}

func (d keyDocument) created() string {
	if d.Created == nil {
		return "-"
	}
	return d.Created.UTC().Format(time.RFC3339)
}

// printPair writes a pair as wash does; scripts parse these two lines.
func printPair(w io.Writer, public keys.PublicKey, seed []byte) {
	fmt.Fprintf(w, "Public Key: %s\n", public)
	if seed != nil {
		fmt.Fprintf(w, "Seed: %s\n", seed)
	}
}
