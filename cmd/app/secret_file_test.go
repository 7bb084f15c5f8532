//go:build unix

package app_test

import (
	"testing"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

func TestFromHome(t *testing.T) {
	t.Parallel()
	a := app.New(process.System{Environ: []string{"HOME=/home/ada"}})
	for path, want := range map[string]string{
		"/home/ada/.config/id.txt": "~/.config/id.txt",
		"/home/ada/my keys/id.txt": "'/home/ada/my keys/id.txt'",
		"/home/adam/id.txt":        "/home/adam/id.txt",
		"/home/ada":                "/home/ada",
		"id.txt":                   "id.txt",
	} {
		if got := a.FromHome(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := app.New(process.System{}).FromHome("/id.txt"); got != "/id.txt" {
		t.Errorf("without a home folder: %s", got)
	}
}
