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

// Flags of a connection go to the commands that have the same, not another of its name,
// and where the command connects.
func TestCompleteWithAConnection(t *testing.T) {
	t.Parallel()
	root := &cobra.Command{Use: "latch"}
	for use, flags := range map[string]map[string]string{
		"look":  {"nats": "the server", "as": "the host"},
		"judge": {"as": "whose verdict"},
		"scan":  {"nats": "the server", "live": "ask"},
	} {
		c := &cobra.Command{Use: use, Run: func(*cobra.Command, []string) {}}
		for name, help := range flags {
			c.Flags().String(name, "", help)
		}
		root.AddCommand(c)
	}
	given := []inuse.Flag{{Names: []string{"--as"}, Value: "web-1", Use: "the host"}, {Names: []string{"--nats"}, Value: "a:1", Use: "the server"}}
	for text, want := range map[string]string{
		"latch look tells":             "latch look --as web-1 --nats a:1 tells",
		"latch look --nats b":          "latch look --as web-1 --nats b",
		"latch judge; latch look --as": "latch judge; latch look --nats a:1 --as",
		"latch scan .":                 "latch scan .",
		"latch scan . --live":          "latch scan --nats a:1 . --live",
		"latch scan --help --live":     "latch scan --help --live",
	} {
		if got := inuse.Complete(text, root, given); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
