//go:build !linux && !darwin

package safefile

import "os"

func renameExclusive(*os.Root, string, string) error { return errNoExclusive }
