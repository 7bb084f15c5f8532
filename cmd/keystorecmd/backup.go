package keystorecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// backupLimit bounds a backup, in bytes: some ten thousand keys.
const backupLimit = 16 << 20

type backupOptions struct {
	app.SealOptions
	path   string
	verify bool
}

func newBackup(a verbs) *cobra.Command {
	var o backupOptions
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Back up the keystore to one encrypted file",
		Long: `Writes every key of the keystore to one new file, encrypted with age to recipients
or with a passphrase; of a nats: keystore the published manifests too. An existing
file is never replaced.

--verify writes nothing. It opens a backup, derives every public key and compares
them with the keystore. Exit code 3 if they differ, as they do after a rotation.
Where FILE is -, the backup to verify is read from stdin.
Verify from time to time: a backup that nobody can open is useless.`,
		Example: "  latch keystore backup keys-2026-11.age --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore backup keys.age --passphrase\n" +
			"  latch keystore backup keys.age --verify",
		Args: app.Exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = args[0]
			return a.backup(c, &o)
		},
	}
	o.Register(c)
	c.Flags().BoolVar(&o.verify, "verify", false, "open an existing backup and compare it with the keystore")
	return c
}

func (a verbs) backup(c *cobra.Command, o *backupOptions) error {
	if o.verify && o.Given() {
		return app.UsageIn(c, "--verify only opens a backup: it takes no recipients and no passphrase flag")
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	if o.verify {
		return a.verifyBackup(c.Context(), store, o.path)
	}
	to, err := a.SealRecipients(c, &o.SealOptions)
	if err != nil {
		return err
	}
	return a.writeBackup(c.Context(), store, o, to)
}

func (a verbs) writeBackup(ctx context.Context, store keystore.Store, o *backupOptions, to []agefile.Recipient) error {
	backup, err := keystore.TakeBackup(ctx, store, a.Sys.Now())
	if err != nil {
		return err
	}
	defer backup.Wipe()
	plain, err := backup.Encode()
	if err != nil {
		return err
	}
	defer clear(plain)
	sealed, err := a.Seal(ctx, &o.SealOptions, to, o.path, plain)
	if err != nil {
		return err
	}
	if len(sealed) > backupLimit {
		return errors.New("the keystore is too large for one backup")
	}
	if err := app.WriteNew(o.path, sealed, safefile.Owned); err != nil {
		return err
	}
	return a.ShowDone(describeBackup(o.path, backup), func(w io.Writer) {
		fmt.Fprintf(w, "%s: %s of %s\n", o.path, holds(backup), store.URI())
	})
}

// holds counts what a backup holds.
func holds(backup *keystore.Backup) string {
	n := len(backup.Entries())
	text := fmt.Sprintf("%d key%s", n, app.Plural(n))
	if n := len(backup.Manifests); n > 0 {
		text += fmt.Sprintf(" and %d manifest%s", n, app.Plural(n))
	}
	return text
}

// backupDocument is a backup as JSON output gives it: nothing secret.
type backupDocument struct {
	File      string                   `json:"file"`
	Keystore  string                   `json:"keystore"`
	Created   time.Time                `json:"created"`
	Keys      []app.KeyDocument        `json:"keys"`
	Manifests []backupManifestDocument `json:"manifests,omitempty"`
}

// backupManifestDocument is a manifest in a backup as JSON output gives it.
type backupManifestDocument struct {
	Lattice    string `json:"lattice"`
	Generation uint64 `json:"generation"`
}

func describeBackup(path string, backup *keystore.Backup) backupDocument {
	doc := backupDocument{File: path, Keystore: backup.Keystore, Created: backup.Created, Keys: []app.KeyDocument{}}
	for _, e := range backup.Entries() {
		doc.Keys = append(doc.Keys, app.DescribeKey(e))
	}
	for _, m := range backup.Manifests {
		doc.Manifests = append(doc.Manifests, backupManifestDocument{m.Lattice, m.Generation})
	}
	return doc
}
