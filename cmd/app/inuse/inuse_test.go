package inuse_test

import (
	"testing"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app/inuse"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	root, noun := &cobra.Command{Use: "latch"}, &cobra.Command{Use: "hosts"}
	noun.AddCommand(&cobra.Command{Use: "list", Aliases: []string{"ls"}, Run: func(*cobra.Command, []string) {}})
	root.AddCommand(noun)
	flags := []inuse.Flag{{Names: []string{"-m", "--manifest"}, Value: "'a b'"}, {Names: []string{"--keystore"}, Value: "dir:k"}}
	for text, want := range map[string]string{
		"":                                 "",
		"latch":                            "latch",
		"latch hosts":                      "latch hosts",
		"latch hosts lost":                 "latch hosts lost",
		"latch hosts list":                 "latch hosts list -m 'a b' --keystore dir:k",
		"latch hosts ls, say":              "latch hosts ls -m 'a b' --keystore dir:k, say",
		"latch hosts list -m c":            "latch hosts list --keystore dir:k -m c",
		"latch hosts list; -m c":           "latch hosts list -m 'a b' --keystore dir:k; -m c",
		"latch hosts list | latch -m c":    "latch hosts list -m 'a b' --keystore dir:k | latch -m c",
		"latch hosts list --help; latch":   "latch hosts list --help; latch",
		"latch hosts list\nlatch hosts ls": "latch hosts list -m 'a b' --keystore dir:k\nlatch hosts ls -m 'a b' --keystore dir:k",
	} {
		if got := inuse.Complete(text, root, flags); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
