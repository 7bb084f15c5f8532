//go:build unix

package process

import "syscall"

// replace becomes the program: signals, the exit code and the terminal are the
// program's own, and nothing of ours stays in memory.
func replace(path string, argv, environ []string) (int, error) {
	return 0, syscall.Exec(path, argv, environ)
}
