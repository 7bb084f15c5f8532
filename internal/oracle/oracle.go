// Package oracle finds the programs nobody here wrote that tests compare
// latch with: shells, parsers, key tools.
package oracle

import (
	"os"
	"os/exec"
	"testing"
)

// Require names the variable that turns a missing program into a failure. CI
// and `make test` set it.
const Require = "LATCH_REQUIRE_ORACLES"

// Need gives the path of a program. Where it is not installed the test is
// skipped, aloud, or fails if Require is set.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Missing(t, program)
	}
	return path
}

// Missing skips the test, or fails it if Require is set, since what it needs is
// not there.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(Require) != "" {
		t.Fatalf("%s is missing and %s is set: run make test-deps", what, Require)
	}
	t.Skipf("SKIPPED: %s is missing; make test-deps installs it", what)
}
