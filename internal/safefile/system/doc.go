// Package system is what safefile asks of each operating system: renames that
// never replace, locks, syncing, descriptors and mounts. It judges nothing.
package system

import "errors"

// ErrNoExclusive is given where a system or a file system cannot rename without
// replacing.
var ErrNoExclusive = errors.New("cannot rename without replacing")
