package terminaltest_test

import (
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/terminal/terminaltest"
)

// hasty says that nobody is left before it gives what they wrote, and then for good.
type hasty struct {
	said    bool
	written *strings.Reader
}

func (h *hasty) Read(p []byte) (int, error) {
	if !h.said || h.written.Len() == 0 {
		h.said = true
		return 0, syscall.EIO
	}
	return h.written.Read(p)
}

func TestOutputIsWhole(t *testing.T) {
	t.Parallel()
	got, err := io.ReadAll(terminaltest.Output{Master: &hasty{written: strings.NewReader("the end")}})
	if err != nil || string(got) != "the end" {
		t.Errorf("%q, %v", got, err)
	}
}
