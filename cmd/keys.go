package cmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
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

// printPair writes a pair as wash does; scripts parse these two lines.
func printPair(w io.Writer, public keys.PublicKey, seed []byte) {
	fmt.Fprintf(w, "Public Key: %s\n", public)
	if seed != nil {
		fmt.Fprintf(w, "Seed: %s\n", seed)
	}
}
