package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// sourceFolder names the variable that says where this package's files are.
const sourceFolder = "LATCH_TEST_SOURCE"

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
	own, err := os.MkdirTemp("", "latch-test-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(own) }()
	if err := os.Setenv(sourceFolder, source); err != nil {
		return 0, err
	}
	if err := os.Chdir(own); err != nil {
		return 0, err
	}
	code = a.M.Run()
	if left, err := os.ReadDir(own); err != nil || len(left) > 0 {
		return 0, fmt.Errorf("a test left %v in its working folder (%w)", left, err)
	}
	return code, os.Chdir(source) // for the profiles that are written last
}

// Source is the absolute path of one of this package's files.
func Source(name string) string {
	return filepath.Join(os.Getenv(sourceFolder), filepath.FromSlash(name))
}
