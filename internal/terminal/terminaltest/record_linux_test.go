package terminaltest_test

import (
	"os/exec"
	"testing"

	"github.com/latch-keys/latch/internal/terminal/terminaltest"
)

// A command on this terminal finds one of that size, and its exit code is told.
func TestRecord(t *testing.T) {
	t.Parallel()
	sent, code, err := terminaltest.Record(exec.CommandContext(t.Context(), "sh", "-c", "test -t 0 && test -t 2 && stty size; exit 3"), terminaltest.Size{Columns: 70, Rows: 5})
	if err != nil || code != 3 || string(sent) != "5 70\r\n" {
		t.Errorf("%q, exit code %d, %v", sent, code, err)
	}
}
