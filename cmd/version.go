package cmd

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Which latch this is",
		Example: "  latch version\n  latch version -o json | jq -r .version",
		Args:    exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.version() },
	}
}

func (a *app) version() error {
	doc := struct {
		Version  string `json:"version"`
		Go       string `json:"go"`
		Platform string `json:"platform"`
	}{a.sys.version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	return a.show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "latch %s (%s, %s)\n", doc.Version, doc.Go, doc.Platform)
	})
}

// version is what the linker set, or else what `go install` recorded.
func (s System) version() string {
	if s.Version != "" {
		return s.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
