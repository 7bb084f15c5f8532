package keystorecmd

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// identityFor makes the identity that --new-identity asks for, and its recipient.
// It must not lie in the keystore, which is made to be shared.
func (a verbs) identityFor(c *cobra.Command, path string, store keystore.Sharer, o *app.SealOptions) (agefile.Recipient, error) {
	_, err := store.Recipients(c.Context())
	switch {
	case path == "" || path == "-":
		return agefile.Recipient{}, app.UsageIn(c, "--new-identity needs the name of a file to make")
	case o.Passphrase:
		return agefile.Recipient{}, app.UsageIn(c, "use either --passphrase or recipients, not both")
	case within(path, strings.TrimPrefix(store.URI(), "age:")):
		return agefile.Recipient{}, app.UsageIn(c, "%s would lie in the keystore that it opens", path)
	case err == nil:
		return agefile.Recipient{}, fault.New(fault.Exists, "%s is a keystore already, so no identity was made", store.URI()).
			WithHint("see who can open it: latch keystore recipients list --keystore %s", store.URI())
	}
	return a.NewIdentity(path)
}

// within tells whether a file would lie in a folder or below it.
func within(path, dir string) bool {
	file, err := filepath.Abs(path)
	folder, err2 := filepath.Abs(dir)
	if err != nil || err2 != nil {
		return false
	}
	relative, err := filepath.Rel(folder, file)
	return err == nil && filepath.IsLocal(relative)
}
