//go:build unix && !linux

package system

import "golang.org/x/sys/unix"

const readOnlyFlag = unix.MNT_RDONLY
