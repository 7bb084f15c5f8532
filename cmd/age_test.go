package cmd_test

import (
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/oracle"
)

// The scripts of this folder compare latch with the stock age.
func TestAgeScripts(t *testing.T) {
	t.Parallel()
	oracle.Need(t, "age")
	oracle.Need(t, "age-keygen")
	oracle.Need(t, "ssh-keygen")
	runScripts(t, cmd.Source("testdata/age"), nil)
}
