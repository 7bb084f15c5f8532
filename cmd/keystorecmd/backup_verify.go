package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/safefile"
)

// openBackup reads a backup, or stdin for "-", for the caller to wipe. It also gives
// what to call it.
func (a verbs) openBackup(ctx context.Context, path string) (*keystore.Backup, string, error) {
	sealed, where, err := a.ReadNamed(ctx, path, safefile.Owned, backupLimit)
	if err != nil {
		return nil, "", err
	}
	unlock, err := a.Unlock()
	if err != nil {
		return nil, "", err
	}
	plain, err := unlock.Unlocker(where).Open(ctx, where, sealed)
	if err != nil {
		return nil, "", fmt.Errorf("failed to open the backup: %w", err)
	}
	defer clear(plain)
	backup, err := keystore.ParseBackup(plain)
	return backup, where, err
}

// differenceDocument is a key on which backup and keystore disagree.
type differenceDocument struct {
	Name   string         `json:"name"`
	Backup keys.PublicKey `json:"in_backup"`
	Store  keys.PublicKey `json:"in_keystore"`
}

func (d differenceDocument) String() string {
	switch {
	case d.Backup.IsZero():
		return fmt.Sprintf("%s %s is not in the backup", d.Name, d.Store)
	case d.Store.IsZero():
		return fmt.Sprintf("%s %s is in the backup only", d.Name, d.Backup)
	}
	return fmt.Sprintf("%s is %s in the backup, %s in the keystore", d.Name, d.Backup, d.Store)
}

// manifestDifferenceDocument is a lattice of which backup and keystore do not have the
// same manifest.
type manifestDifferenceDocument struct {
	Lattice string `json:"lattice"`
	Backup  uint64 `json:"in_backup,omitempty"`
	Store   uint64 `json:"in_keystore,omitempty"`
}

func (d manifestDifferenceDocument) String() string {
	switch {
	case d.Backup == 0:
		return fmt.Sprintf("generation %d of lattice %s is not in the backup", d.Store, d.Lattice)
	case d.Store == 0:
		return fmt.Sprintf("generation %d of lattice %s is in the backup only", d.Backup, d.Lattice)
	case d.Backup == d.Store:
		return fmt.Sprintf("generation %d of lattice %s is another manifest in the keystore", d.Backup, d.Lattice)
	}
	return fmt.Sprintf("lattice %s is at generation %d in the backup, %d in the keystore", d.Lattice, d.Backup, d.Store)
}

func (a verbs) verifyBackup(ctx context.Context, store keystore.Store, path string) error {
	backup, where, err := a.openBackup(ctx, path)
	if err != nil {
		return err
	}
	defer backup.Wipe()
	listed, err := store.List(ctx)
	if err != nil {
		return err
	}
	published, err := keystore.Published(ctx, store)
	if err != nil {
		return err
	}
	differ, manifests := []differenceDocument{}, []manifestDifferenceDocument{}
	for _, d := range backup.Compare(listed) {
		differ = append(differ, differenceDocument(d))
	}
	if _, holdsSome := store.(*keystore.Bucket); holdsSome {
		for _, d := range backup.CompareManifests(published) {
			manifests = append(manifests, manifestDifferenceDocument(d))
		}
	}
	ok := len(differ)+len(manifests) == 0
	err = a.Show(struct {
		backupDocument
		OK          bool                         `json:"ok"`
		Differences []differenceDocument         `json:"differences"`
		ByLattice   []manifestDifferenceDocument `json:"manifest_differences,omitempty"`
	}{describeBackup(where, backup), ok, differ, manifests}, func(w io.Writer) {
		fmt.Fprintf(w, "%s: %s of %s, taken %s, every seed gives its public key\n",
			where, holds(backup), backup.Keystore, backup.Created.Format(time.RFC3339))
		for _, d := range differ {
			fmt.Fprintln(w, d)
		}
		for _, d := range manifests {
			fmt.Fprintln(w, d)
		}
	})
	if err == nil && !ok {
		return app.No()
	}
	return err
}
