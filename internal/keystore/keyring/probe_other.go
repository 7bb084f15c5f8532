//go:build !linux

package keyring

import "context"

// newProbe has nothing to ask: these systems have one keyring, always there.
func newProbe([]string) func(context.Context, bool) error {
	return func(context.Context, bool) error { return nil }
}
