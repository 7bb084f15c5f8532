package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// backupLimit bounds a backup, in bytes: some ten thousand keys.
const backupLimit = 16 << 20

type keystoreBackupOptions struct {
	sealOptions
	path   string
	verify bool
}

func newKeystoreBackup(a *app) *cobra.Command {
	var o keystoreBackupOptions
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Every key of the keystore in one encrypted file",
		Long: `Writes every key of the keystore into one new file that age opens, encrypted to
recipients or with a passphrase. An existing file is never replaced.

--verify writes nothing: it opens a backup, derives every public key, and compares
it with what the keystore holds now. Exit code 3 if they differ, as they do after
a rotation. Do that from time to time: a backup that nobody can open is none.`,
		Example: "  latch keystore backup keys-2026-11.age --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore backup keys.age --passphrase\n" +
			"  latch keystore backup keys.age --verify",
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = args[0]
			return a.keystoreBackup(c, &o)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&o.verify, "verify", false, "compare an existing backup with the keystore")
	return c
}

func (a *app) keystoreBackup(c *cobra.Command, o *keystoreBackupOptions) error {
	if o.verify && o.given() {
		return usageIn(c, "--verify opens a backup, it encrypts nothing")
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	if o.verify {
		return a.verifyBackup(c.Context(), store, o.path)
	}
	to, err := o.recipients(c)
	if err != nil {
		return err
	}
	return a.writeBackup(c.Context(), store, o, to)
}

func (a *app) writeBackup(ctx context.Context, store keystore.Store, o *keystoreBackupOptions, to []agefile.Recipient) error {
	backup, err := keystore.TakeBackup(ctx, store, a.sys.Now())
	if err != nil {
		return err
	}
	defer backup.Wipe()
	plain, err := backup.Encode()
	if err != nil {
		return err
	}
	defer clear(plain)
	sealed, err := a.seal(ctx, &o.sealOptions, to, o.path, plain)
	if err != nil {
		return err
	}
	if len(sealed) > backupLimit {
		return errors.New("the keystore is too large for one backup")
	}
	if err := writeNew(o.path, sealed, safefile.Owned); err != nil {
		return err
	}
	return a.show(describeBackup(o.path, backup), func(w io.Writer) {
		n := len(backup.Entries())
		fmt.Fprintf(w, "%s: %d key%s of %s\n", o.path, n, plural(n), store.URI())
	})
}

// backupDocument is a backup as JSON output gives it: nothing secret.
type backupDocument struct {
	File     string        `json:"file"`
	Keystore string        `json:"keystore"`
	Created  time.Time     `json:"created"`
	Keys     []keyDocument `json:"keys"`
}

func describeBackup(path string, backup *keystore.Backup) backupDocument {
	doc := backupDocument{path, backup.Keystore, backup.Created, []keyDocument{}}
	for _, e := range backup.Entries() {
		doc.Keys = append(doc.Keys, describe(e))
	}
	return doc
}
