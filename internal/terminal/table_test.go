package terminal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

const publicKey = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"

// However narrow the terminal: no line is wider than it, but for a key, which is
// whole and on a line of its own; and nothing is left out.
func TestTablesFit(t *testing.T) {
	t.Parallel()
	header := []string{"NAME", "KIND", "PUBLIC KEY", "CREATED"}
	rows := [][]string{
		{"prod-cluster", "cluster", publicKey, "2026-11-21T12:00:00Z"},
		{"日本語", "cluster", publicKey, "-"},
	}
	for _, width := range []int{132, 80, 40, 20} {
		var b strings.Builder
		terminal.Table(&b, width, header, rows)
		for _, line := range strings.Split(b.String(), "\n") {
			if printable.Width(line) > width && line != publicKey {
				t.Errorf("at %d columns: %q", width, line)
			}
		}
		for _, text := range []string{"prod-cluster", "日本語", "2026-11-21T12:00:00Z"} {
			if !strings.Contains(b.String(), text) {
				t.Errorf("at %d columns %s is missing:\n%s", width, text, b.String())
			}
		}
		if strings.Count(b.String(), publicKey) != 2 {
			t.Errorf("at %d columns a key is broken:\n%s", width, b.String())
		}
	}
}

func TestTableAt80And20(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{
		80: `
NAME  KIND     CREATED
one   cluster  2026-11-21T12:00:00Z
  public key: ` + publicKey + "\n",
		20: `
NAME  KIND
one   cluster
  public key:
` + publicKey + `
  created:
2026-11-21T12:00:00Z
`,
	} {
		var b strings.Builder
		terminal.Table(&b, width, []string{"NAME", "KIND", "PUBLIC KEY", "CREATED"}, [][]string{{"one", "cluster", publicKey, "2026-11-21T12:00:00Z"}})
		if b.String() != strings.TrimPrefix(want, "\n") {
			t.Errorf("at %d columns:\n%s\nwant:%s", width, b.String(), want)
		}
	}
}

// Columns are as wide as they look: wide characters take two, colours none.
func TestColumnsStandBelowEachOther(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	terminal.Table(&b, 0, []string{"A", "B"}, [][]string{{"日本", "x"}, {"abcd", "x"}, {terminal.NewPalette(true).Red("ab"), "x"}, {"e\u0301", "x"}})
	for _, line := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		if before := line[:len(line)-1]; printable.Width(before) != 6 {
			t.Errorf("%q: the second column starts at %d", line, printable.Width(before))
		}
	}
}

// Progress stays in its one line, whatever is said in it, and begins with a rate
// that is true.
func TestProgressIsOneLine(t *testing.T) {
	t.Parallel()
	for _, total := range []int64{-1, 1000} {
		for _, width := range []int{20, 80} {
			var out strings.Builder
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			p := terminal.NewProgress(&out, func() time.Time { return now }, func() int { return width }, "searching; one in 33554432 has the text, about 2m to go", total, "keys")
			for range 5 {
				now = now.Add(time.Second)
				p.Add(200)
			}
			p.Close()
			frames := strings.Split(strings.TrimPrefix(out.String(), "\r"), "\r")
			if len(frames) != 6 || frames[5] != "\x1b[K" {
				t.Fatalf("%d frames, the last is %q", len(frames), frames[len(frames)-1])
			}
			for _, frame := range frames {
				text, cleared := strings.CutSuffix(frame, "\x1b[K")
				if !cleared || strings.Contains(text, "\n") || printable.Width(text) >= width {
					t.Errorf("at %d columns: %q", width, frame)
				}
			}
		}
	}
	var out strings.Builder
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p := terminal.NewProgress(&out, func() time.Time { return now }, func() int { return 0 }, "searching", -1, "keys")
	now = now.Add(2 * time.Second)
	p.Add(3000)
	if want := "searching: 3000 keys, 1500 a second"; !strings.Contains(out.String(), want) {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{0: "日本語 abc", 10: "日本語 abc", 9: "日本語 a…", 4: "日…", 2: "…", 1: "…"} {
		if got := printable.Cut("日本語 abc", width); got != want || width > 0 && printable.Width(got) > width {
			t.Errorf("%d: %q, want %q", width, got, want)
		}
	}
}
