package keyring

import (
	"context"
	"errors"
	"io/fs"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// records are those of the index. Where there is none, and the keyring holds
// seeds of ours all the same, the index is lost and not empty: an error that
// matches store.ErrCorrupt.
func (m *medium) records(ctx context.Context) (records, error) {
	found, err := m.index.read()
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	if m.service.Items == nil {
		return nil, nil
	}
	if err := m.ready(ctx, false); err != nil {
		return nil, err
	}
	users, err := patiently(ctx, &m.patience, m.service.Limit, m.service.Items)
	if err != nil {
		return nil, explained("list", err)
	}
	seeds := 0
	for _, user := range users {
		if _, err := keys.ParsePublicKey(user, keys.AnyKind); err == nil {
			seeds++
		}
	}
	if seeds == 0 {
		return nil, nil
	}
	return nil, store.Damaged(fault.New(fault.Failed,
		"the keyring holds seeds of latch (%d), but the index that knows their names, %s, is gone", seeds, m.index.path()).
		WithHint("restore the file from a backup; or list the seeds under names of their public keys: latch keys list --repair"))
}
