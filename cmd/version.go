package cmd

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

func newVersion(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version",
		Example: "  latch version\n  latch version -o json | jq -r .version",
		Args:    app.Exactly(),
		RunE:    func(*cobra.Command, []string) error { return version(a) },
	}
}

func version(a *app.App) error {
	doc := struct {
		Version  string `json:"version"`
		Go       string `json:"go"`
		Platform string `json:"platform"`
	}{a.Sys.Release(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	return a.Show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "latch %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
	})
}
