//go:build !linux && !darwin

package system

import "os"

// RenameExclusive is not to be had here.
func RenameExclusive(*os.Root, string, string) error { return ErrNoExclusive }
