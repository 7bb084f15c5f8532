//go:build unix

package system

import (
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// DescriptorIn gives the open descriptor of this process that a path stands for.
func DescriptorIn(path string) (int, bool) {
	if path == "/dev/stdin" {
		return 0, true
	}
	number, is := strings.CutPrefix(path, "/dev/fd/")
	if !is {
		number, is = strings.CutPrefix(path, "/proc/self/fd/")
	}
	fd, err := strconv.Atoi(number)
	return fd, is && err == nil && fd >= 0
}

// CloseOnExec keeps a descriptor that we were handed from the programs we start.
// Those of the standard streams are theirs too.
func CloseOnExec(fd int) {
	if fd > 2 {
		syscall.CloseOnExec(fd)
	}
}

// OnReadOnlyMount reports whether nobody can write the file where it is mounted.
func OnReadOnlyMount(path string) bool {
	var stat unix.Statfs_t
	return unix.Statfs(path, &stat) == nil && uint64(stat.Flags)&readOnlyFlag != 0
}
