package keystorecmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch keystore`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{
		Use:   "keystore",
		Short: "Manage keystores, where seeds are stored",
		Long: `Makes, checks, copies and backs up keystores. A URI names a keystore:

  keyring:  the keyring of the operating system (the default)
  age:DIR   files encrypted with age, to recipients or with a passphrase
  dir:DIR   plain NAME.nk files that only you can read
  env:      variables named LATCH_SEED_<NAME>, read only
  exec:CMD  what a command prints for a name, read only
  nats://HOST:PORT/BUCKET
            a bucket of NATS JetStream, encrypted with age before it leaves
  vault:MOUNT/PATH
            secrets in a KV version 2 mount of OpenBao or Vault`,
	}
	app.AsGroup(c)
	c.AddCommand(newInit(a), newCheck(a), newCopy(a), newBackup(a), newRestore(a), newRecipients(a), newMaintainers(a),
		newSeal(a), newHistory(a), newPurge(a))
	return c
}

// keystoreAt opens the keystore that a URI names, or the one in use.
func (a verbs) keystoreAt(args []string) (keystore.Store, error) {
	if len(args) == 0 {
		return a.Keystore()
	}
	return a.OpenKeystore(args[0], ".")
}

// bucketInUse is the keystore in use, which must be a nats: one.
func (a verbs) bucketInUse() (*keystore.Bucket, error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	bucket, is := store.(*keystore.Bucket)
	if !is {
		scheme, _, _ := strings.Cut(store.URI(), ":")
		return nil, fault.New(fault.Usage, "only nats: keystores have maintainers and a history, and this is one of %s:", scheme).
			WithHint("name one: --keystore nats://HOST:PORT/BUCKET")
	}
	return bucket, nil
}

// copiedDocument is a key that went from one place to another, as JSON output
// gives it.
type copiedDocument struct {
	app.KeyDocument
	State string `json:"state"`
}

// describeCopied gives the documents and the rows of a table.
func describeCopied(done []keystore.Copied, state string) ([]copiedDocument, [][]string) {
	docs := make([]copiedDocument, len(done))
	rows := make([][]string, len(done))
	for i, d := range done {
		docs[i] = copiedDocument{app.DescribeKey(d.Entry), "unchanged"}
		if d.New {
			docs[i].State = state
		}
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey.String(), docs[i].State}
	}
	return docs, rows
}

// stateHeader heads a table of keys and what became of each.
func stateHeader() []string { return []string{"NAME", "KIND", "PUBLIC KEY", "STATE"} }
