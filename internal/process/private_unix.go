//go:build unix

package process

import "syscall"

// closeMemory sees to it that the system dumps no core; restore undoes that. Where a
// limit cannot be read or set, there is no dump to prevent that latch could.
func closeMemory() (restore func()) {
	forbidAttaching()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &before); err != nil {
		return func() {}
	}
	none := before
	none.Cur = 0 // the hard limit stays, so that the program run by env exec gets its own back
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &none)
	return func() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &before) }
}
