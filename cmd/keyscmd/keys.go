package keyscmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/similar"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch keys`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{
		Use:   "keys",
		Short: "Make, store and validate keys",
		Long: `Makes, stores and validates keys. Called through a link named keys, latch acts as
this command, so that wash's keys gen cluster works as typed.`,
	}
	app.AsGroup(c)
	c.AddCommand(newGen(a), newList(a), newGet(a), newRename(a), newDelete(a), newValidate(a), newImport(a),
		newExport(a))
	return c
}

// printPair writes a pair as wash does; scripts parse these two lines.
func printPair(w io.Writer, public keys.PublicKey, seed []byte) {
	fmt.Fprintf(w, "Public Key: %s\n", public)
	if seed != nil {
		fmt.Fprintf(w, "Seed: %s\n", seed)
	}
}

// parseKind reads a kind, and asks which was meant if it is none.
func parseKind(name string) (keys.Kind, error) {
	kind, err := keys.ParseKind(name)
	if err == nil {
		return kind, nil
	}
	var known []string
	for _, k := range keys.Kinds() {
		known = append(append(known, k.String()), k.Aliases()...)
	}
	return kind, fmt.Errorf("%w%s", err, similar.Question(strings.ToLower(name), known))
}
