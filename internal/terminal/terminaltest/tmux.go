package terminaltest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// InTmux is Play by tmux, on a server of the test's own.
func InTmux(t testing.TB, tmux string, size Size, sent []byte) Screen {
	t.Helper()
	// Not t.TempDir: the path of a socket may not be long.
	dir, err := os.MkdirTemp("", "tmux") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := write("tmux.conf", "set -g status off\nset -g allow-rename on\n")
	stream := write("sent", string(sent)+"\x1b]2;all is shown\x07")
	run := func(arguments ...string) string {
		command := exec.Command(tmux, append([]string{"-u", "-S", filepath.Join(dir, "s"), "-f", config}, arguments...)...)
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TERM=xterm-256color", "HOME=" + dir}
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %q: %v\n%s", arguments, err, out)
		}
		return string(out)
	}
	run("new-session", "-d", "-x", fmt.Sprint(size.Columns), "-y", fmt.Sprint(size.Rows), "stty -opost; cat '"+stream+"'; exec cat")
	defer run("kill-server")
	for began := time.Now(); run("display-message", "-p", "#{pane_title}") != "all is shown\n"; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatal("tmux does not show all after a minute")
		}
	}
	rows := strings.Split(strings.TrimSuffix(run("capture-pane", "-p", "-e"), "\n"), "\n")
	screen, err := Play(size, []byte(strings.Join(rows, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(run("display-message", "-p", "#{cursor_x} #{cursor_y}"), &screen.Cursor.Column, &screen.Cursor.Row); err != nil {
		t.Fatal(err)
	}
	return screen
}
