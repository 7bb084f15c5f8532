package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

func newRestore(a verbs) *cobra.Command {
	var revision uint64
	c := &cobra.Command{
		Use:   "restore FILE | NAME --revision N",
		Short: "Restore a backup to the keystore, or one key of a nats: keystore",
		Long: `Stores every key of a backup in the keystore and reads each one back. Nothing is
restored if a name is taken by a different seed. Keys that are already there stay.
Run the command again to resume an interrupted restore. The manifests in the backup
are published in a nats: keystore, signed by you, unless it has one of the lattice.
Where FILE is -, the backup is read from stdin.

With --revision, gives a name the seed back that an earlier revision in a nats:
keystore holds, encrypted to who are its recipients now and to the hosts that could
open it: one that was deleted, or whose name has been taken by another since and is
free again. latch keystore history lists the revisions.`,
		Example: "  latch keystore restore keys.age\n  latch keystore restore keys.age --keystore age:team\n" +
			"  latch keystore restore prod --revision 42",
		Args: app.Exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("revision") {
				return a.recover(c.Context(), args[0], revision)
			}
			return a.restore(c.Context(), args[0])
		},
	}
	c.Flags().Uint64Var(&revision, "revision", 0, "the revision of the key in a nats: keystore")
	return c
}

// recover gives a name the seed of one of its revisions back.
func (a verbs) recover(ctx context.Context, name string, revision uint64) error {
	if err := keystore.CheckName(name); err != nil {
		return err
	}
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	var public keys.PublicKey
	err = a.Change(func() (err error) {
		public, err = store.Recover(ctx, name, revision)
		return err
	})
	if err != nil {
		return err
	}
	return a.ShowDone(struct {
		Keystore  string         `json:"keystore"`
		Name      string         `json:"name"`
		PublicKey keys.PublicKey `json:"public_key"`
		Revision  uint64         `json:"revision"`
	}{store.URI(), name, public, revision}, func(w io.Writer) {
		fmt.Fprintf(w, "%s is %s again, as in revision %d\n", name, public, revision)
	})
}

func (a verbs) restore(ctx context.Context, path string) error {
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	backup, path, err := a.openBackup(ctx, path)
	if err != nil {
		return err
	}
	defer backup.Wipe()
	var done []keystore.Copied
	var published []keystore.RestoredManifest
	bucket, isBucket := store.(*keystore.Bucket)
	err = a.Change(func() (err error) {
		if done, err = backup.Restore(ctx, store); err == nil && isBucket {
			published, err = backup.RestoreManifests(ctx, bucket)
		}
		return err
	})
	if err != nil {
		return err
	}
	docs, rows := describeCopied(done, "restored")
	manifests, lines := describeRestored(published)
	err = a.ShowDone(struct {
		File      string                     `json:"file"`
		Keystore  string                     `json:"keystore"`
		Keys      []copiedDocument           `json:"keys"`
		Manifests []restoredManifestDocument `json:"manifests,omitempty"`
	}{path, store.URI(), docs, manifests}, func(w io.Writer) {
		terminal.Table(w, a.Width(), stateHeader(), rows)
		if len(lines) > 0 {
			fmt.Fprintln(w)
			terminal.Table(w, a.Width(), []string{"LATTICE", "GENERATION", "STATE"}, lines)
		}
	})
	if n := len(backup.Manifests); err == nil && n > 0 && !isBucket {
		a.Say("Left out: %d manifest%s, which only a nats: keystore holds.", n, app.Plural(n))
	}
	return err
}

// restoredManifestDocument is a manifest of a backup, and what became of it, as JSON
// output gives it.
type restoredManifestDocument struct {
	backupManifestDocument
	State string `json:"state"`
}

// describeRestored gives the documents and the rows of a table.
func describeRestored(done []keystore.RestoredManifest) ([]restoredManifestDocument, [][]string) {
	docs := make([]restoredManifestDocument, len(done))
	rows := make([][]string, len(done))
	for i, d := range done {
		state := "unchanged"
		switch {
		case d.New:
			state = "published"
		case d.There > 0:
			state = fmt.Sprintf("left out: generation %d is published", d.There)
		}
		docs[i] = restoredManifestDocument{backupManifestDocument{d.Lattice, d.Generation}, state}
		rows[i] = []string{d.Lattice, strconv.FormatUint(d.Generation, 10), state}
	}
	return docs, rows
}
