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

// openBackup reads a backup, for the caller to wipe.
func (a verbs) openBackup(ctx context.Context, path string) (*keystore.Backup, error) {
	sealed, err := safefile.Read(path, safefile.Owned, backupLimit)
	if err != nil {
		return nil, err
	}
	unlock, err := a.Unlock()
	if err != nil {
		return nil, err
	}
	plain, err := unlock.Unlocker(path).Open(ctx, path, sealed)
	if err != nil {
		return nil, fmt.Errorf("failed to open the backup: %w", err)
	}
	defer clear(plain)
	return keystore.ParseBackup(plain)
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

func (a verbs) verifyBackup(ctx context.Context, store keystore.Store, path string) error {
	backup, err := a.openBackup(ctx, path)
	if err != nil {
		return err
	}
	defer backup.Wipe()
	listed, err := store.List(ctx)
	if err != nil {
		return err
	}
	differ := []differenceDocument{}
	for _, d := range backup.Compare(listed) {
		differ = append(differ, differenceDocument(d))
	}
	err = a.Show(struct {
		backupDocument
		OK          bool                 `json:"ok"`
		Differences []differenceDocument `json:"differences"`
	}{describeBackup(path, backup), len(differ) == 0, differ}, func(w io.Writer) {
		n := len(backup.Entries())
		fmt.Fprintf(w, "%s: %d key%s of %s, taken %s, every seed gives its public key\n",
			path, n, app.Plural(n), backup.Keystore, backup.Created.Format(time.RFC3339))
		for _, d := range differ {
			fmt.Fprintln(w, d)
		}
	})
	if err == nil && len(differ) > 0 {
		return app.No()
	}
	return err
}
