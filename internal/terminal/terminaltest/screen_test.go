package terminaltest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/terminal/terminaltest"
)

// What programs send to terminals stands on this screen as on that of tmux, colours
// included.
func TestScreensAreAsInTmux(t *testing.T) {
	t.Parallel()
	tmux := oracle.Need(t, "tmux")
	for name, sent := range map[string]string{
		"colours":         "\x1b[31;1merror:\x1b[0;22m no\r\n\x1b[32mgreen \x1b[92mbright\x1b[0m plain",
		"wide characters": "host  漢字  ✓ é ✗\r\n漢字漢字漢字",
		"a long line":     strings.Repeat("0123456789", 17),
		"many lines":      strings.Repeat("line\r\n", 30) + "last",
		"progress":        "old text that is long\rnew\x1b[K",
		"tabs":            "a\tb\r\nabcdefghij\tc",
		"a full line":     strings.Repeat("x", 80) + "\r\nnext",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			size := terminaltest.Usual()
			ours, err := terminaltest.Play(size, []byte(sent))
			if err != nil {
				t.Fatal(err)
			}
			theirs := terminaltest.InTmux(t, tmux, size, []byte(sent))
			if ours.String() != theirs.String() || !bytes.Equal(ours.SVG(""), theirs.SVG("")) {
				t.Errorf("ours\n%s\ntmux\n%s\n%s\n%s", ours, theirs, ours.SVG(""), theirs.SVG(""))
			}
		})
	}
}

// The picture has the words, their colours and nothing that breaks its markup.
func TestSVG(t *testing.T) {
	t.Parallel()
	screen, err := terminaltest.Play(terminaltest.Size{Columns: 20, Rows: 2}, []byte("\x1b[31;1m<no>\x1b[0m & yes   end"))
	if err != nil {
		t.Fatal(err)
	}
	picture := string(screen.SVG(`a "title"`))
	for _, want := range []string{
		`<title>a &#34;title&#34;</title>`, `fill="#ff6e67" font-weight="bold">&lt;no&gt;</text>`, `>&amp; yes</text>`, `x="123.2" y="27" textLength="25.2">end</text>`,
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %s in\n%s", want, picture)
		}
	}
}
