package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/process"
)

// What is confirmed is what is done: whatever becomes of the key or of the manifests
// between the question and the answer, no key goes that was not shown, and none that
// something needs by then.
func TestWhatIsConfirmedIsWhatIsDone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile []string
		code      int
		left      []string // of the keys a and b
	}{
		"nothing":                {nil, 0, []string{"b"}},
		"another takes its name": {[]string{"keys rename a c", "keys rename b a"}, 5, []string{"a", "c"}},
		"it becomes an issuer":   {[]string{"issuers add a"}, 5, []string{"a", "b"}},
		"a host signs with it":   {[]string{"issuers add a", "hosts add h2 --signs-with a"}, 5, []string{"a", "b"}},
		"it is renamed":          {[]string{"keys rename a c"}, 4, []string{"b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			inFolder(t, dir, 0, "lattice init --prefix p --host h1 --keystore dir:"+filepath.Join(dir, "k"))
			inFolder(t, dir, 0, "keys gen cluster --name a")
			inFolder(t, dir, 0, "keys gen cluster --name b")
			p := newProcess(t, arguments(dir, "keys delete a")...)
			p.Terminal = process.Terminal{Stdin: true, Stderr: true}
			p.Stdin = &meanwhile{from: strings.NewReader("y\n"), do: func() {
				for _, args := range c.meanwhile {
					inFolder(t, dir, 0, args)
				}
			}}
			if code := cmd.Main(t.Context(), p.System); code != c.code {
				t.Errorf("exit code %d, want %d\n%s", code, c.code, p.stderr.String())
			}
			for _, key := range []string{"a", "b", "c"} {
				want := strings.Contains(strings.Join(c.left, ""), key)
				if got := exists(filepath.Join(dir, "k", key+".nk")); got != want {
					t.Errorf("%s is there: %t, want %t", key, got, want)
				}
			}
		})
	}
}
