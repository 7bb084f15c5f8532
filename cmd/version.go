package cmd

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Which latch this is",
		Example: "  latch version\n  latch version -o json | jq -r .version",
		Args:    exactly(),
		RunE:    func(*cobra.Command, []string) error { return version(a) },
	}
}

func version(a *app) error {
	doc := struct {
		Version  string `json:"version"`
		Go       string `json:"go"`
		Platform string `json:"platform"`
	}{a.sys.version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	return a.show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "latch %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
	})
}
