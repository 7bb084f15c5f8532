package terminal_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/terminal"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	terminal.Table(&b, 0, []string{"NAME", "KEY"}, [][]string{{"a", "C1"}, {"longer", "C2"}})
	if want := "NAME    KEY\na       C1\nlonger  C2\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestTableCellsStayCells(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	terminal.Table(&b, 0, []string{"NAME", "KEY"}, [][]string{{"a\nb\tc", "C1"}})
	if want := "NAME     KEY\n" + `a\nb\tc  C1` + "\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestPaletteColoursOnlyWhenEnabled(t *testing.T) {
	t.Parallel()
	if got := terminal.NewPalette(false).Red("no"); got != "no" {
		t.Errorf("not enabled: %q", got)
	}
	if got := terminal.NewPalette(true).Red("no"); got == "no" || !strings.Contains(got, "no") {
		t.Errorf("enabled: %q", got)
	}
}

// A read that never comes back ends with its context.
func TestInterruptible(t *testing.T) {
	t.Parallel()
	from, _ := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := io.ReadAll(terminal.Interruptible(ctx, from)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it cancelled", err)
	}
	got, err := io.ReadAll(terminal.Interruptible(t.Context(), strings.NewReader("all of it")))
	if string(got) != "all of it" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// typed gives one line for each read; an empty one is Ctrl-D.
type typed []string

func (t *typed) Read(into []byte) (int, error) {
	line := (*t)[0]
	*t = (*t)[1:]
	if line == "" {
		return 0, io.EOF
	}
	return copy(into, line), nil
}

// What has ended is not asked again: a terminal would wait for a second Ctrl-D.
func TestInterruptibleStaysEnded(t *testing.T) {
	t.Parallel()
	in := bufio.NewReader(terminal.Interruptible(t.Context(), &typed{"one line", "", "another"}))
	if start, err := in.Peek(64); string(start) != "one line" || !errors.Is(err, io.EOF) {
		t.Fatalf("%q, %v", start, err)
	}
	if got, err := io.ReadAll(in); string(got) != "one line" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// Progress is shown once the work has taken longer than a second.
func TestProgressWaits(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p := terminal.NewProgress(&out, func() time.Time { return now }, func() int { return 40 }, "making keys", 10, "keys")
	p.Add(1)
	if out.Len() > 0 {
		t.Errorf("at once: %q", out.String())
	}
	now = now.Add(2 * time.Second)
	p.Add(1)
	if !strings.Contains(out.String(), "making keys") {
		t.Errorf("after two seconds: %q", out.String())
	}
	silent := terminal.NewProgress(nil, func() time.Time { return now }, func() int { return 40 }, "making keys", 10, "keys")
	now = now.Add(time.Hour)
	silent.Add(1)
	silent.Close()
}
