package issuerscmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/lattice"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// manifest is the manifest at hand, for a step of a rotation: not an old copy of what
// was published.
func (a verbs) manifest(ctx context.Context) (*lattice.Document, error) {
	file, err := a.Manifest()
	if err != nil {
		return nil, err
	}
	store, err := a.KeystoreOf(file)
	if err != nil {
		return file, nil //nolint:nilerr // a step that needs the keystore says so; here there is none to compare with
	}
	return file, published.CheckCurrent(ctx, file, store, a.Warn)
}

// New builds `latch issuers`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "issuers", Short: "Manage and rotate the keys that hosts accept"}
	app.AsGroup(c)
	c.AddCommand(newList(a), newAdd(a), newRemove(a), newRotate(a))
	return c
}
