package keystorecmd

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// missingDocument is a seed that a manifest needs and the keystore lacks.
type missingDocument struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Manifest  string         `json:"manifest"`
	Use       string         `json:"use"`
}

// missingSeeds are those that manifests need, those in reach and those that are published
// in the keystore.
func (a verbs) missingSeeds(ctx context.Context, args []string, store keystore.Store, checked []keystore.Checked) []missingDocument {
	missing := []missingDocument{}
	entries := make([]keystore.Entry, len(checked))
	for i, c := range checked {
		entries[i] = c.Entry
	}
	files, err := a.manifestsOf(ctx, args)
	others, otherErr := published.Besides(ctx, files, store)
	files = append(files, others...)
	if err = errors.Join(err, otherErr); err != nil {
		a.Warn("whether manifests need other seeds is not known: %v", err)
	}
	for _, file := range files {
		for _, n := range file.Manifest().MissingSeeds(app.PublicKeys(entries)) {
			missing = append(missing, missingDocument{n.Name, n.PublicKey, file.Path(), n.Use.String()})
		}
	}
	return missing
}

// manifestsOf are those that name the keystore of the command.
func (a verbs) manifestsOf(ctx context.Context, args []string) ([]*lattice.Document, error) {
	if len(args) > 0 {
		return a.ManifestsNaming(ctx, args[0], ".")
	}
	uri, origin, err := a.KeystoreURI()
	if err != nil {
		return nil, err
	}
	return a.ManifestsNaming(ctx, uri, a.KeystoreBase(origin))
}
