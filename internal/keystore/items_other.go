//go:build !linux && !windows

package keystore

import "context"

// newItems is nil: macOS tells only who asks for everything in the keychain.
func newItems([]string) func(context.Context) ([]string, error) { return nil }
