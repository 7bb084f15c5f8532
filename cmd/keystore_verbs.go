package cmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
)

func newKeystore(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "keystore",
		Short: "The places where seeds rest: make, check, copy, back up",
		Long: `The places where seeds rest, each named by a URI:

  keyring:  the keyring of the operating system (the default)
  age:DIR   files that age has encrypted, to recipients or with a passphrase
  dir:DIR   plain NAME.nk files that only you can read
  env:      variables LATCH_SEED_<NAME>, read only`,
	}
	asGroup(c)
	c.AddCommand(newKeystoreInit(a), newKeystoreCheck(a), newKeystoreCopy(a), newKeystoreBackup(a), newKeystoreRestore(a), newKeystoreRecipients(a))
	return c
}

// keystoreAt opens the keystore that a URI names, or the one in use.
func (a *app) keystoreAt(args []string) (keystore.Store, error) {
	if len(args) == 0 {
		return a.keystore()
	}
	return a.openKeystore(args[0], ".")
}

// copiedDocument is a key that went from one place to another, as JSON output
// gives it.
type copiedDocument struct {
	keyDocument
	State string `json:"state"`
}

// describeCopied gives the documents and the rows of a table.
func describeCopied(done []keystore.Copied, state string) ([]copiedDocument, [][]string) {
	docs := make([]copiedDocument, len(done))
	rows := make([][]string, len(done))
	for i, d := range done {
		docs[i] = copiedDocument{describe(d.Entry), "unchanged"}
		if d.New {
			docs[i].State = state
		}
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey.String(), docs[i].State}
	}
	return docs, rows
}

// stateHeader heads a table of keys and what became of each.
func stateHeader() []string { return []string{"NAME", "KIND", "PUBLIC KEY", "STATE"} }
