package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The variables that say where this package's files are, and where tests may put what
// they share.
const (
	sourceFolder = "LATCH_TEST_SOURCE"
	sharedFolder = "LATCH_TEST_SHARED"
)

// Apart runs tests in a folder of their own, so that a command with a path that
// is not absolute writes nothing into the checkout, and fails if one did.
type Apart struct{ *testing.M }

// Run is that of testing.M.
func (a Apart) Run() int {
	code, err := a.run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func (a Apart) run() (code int, err error) {
	source, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	top, err := os.MkdirTemp("", "latch-test-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(top) }()
	own := filepath.Join(top, "own")
	if err := errors.Join(os.Mkdir(own, 0o700), os.Setenv(sourceFolder, source), os.Setenv(sharedFolder, top), os.Chdir(own)); err != nil {
		return 0, err
	}
	code = a.M.Run()
	if left, err := os.ReadDir(own); err != nil || len(left) > 0 {
		return 0, fmt.Errorf("a test left %v in its working folder (%w)", left, err)
	}
	return code, os.Chdir(source) // for the profiles that are written last
}

// Shared is the path of a file that tests share: it is gone after the last of them.
func Shared(name string) string { return filepath.Join(os.Getenv(sharedFolder), name) }

// Source is the absolute path of one of this package's files.
func Source(name string) string {
	return filepath.Join(os.Getenv(sourceFolder), filepath.FromSlash(name))
}
