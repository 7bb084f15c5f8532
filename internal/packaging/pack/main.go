// Command pack makes the parts of a release that goreleaser has no way for:
//
//	pack stage FOLDER VERSION
//	pack sbom PROGRAM DOCUMENT VERSION TIME LICENCES
//	pack channels DIST FOLDER VERSION
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/latch-keys/latch/internal/packaging/channels"
	"github.com/latch-keys/latch/internal/packaging/sbom"
	"github.com/latch-keys/latch/internal/packaging/stage"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "stage":
		return stage.Into(args[1], ".", args[2])
	case len(args) == 6 && args[0] == "sbom":
		return document(args[1], args[2], args[3], args[4], args[5])
	case len(args) == 4 && args[0] == "channels":
		return channels.Write(args[1], args[2], args[3])
	}
	return fmt.Errorf("unknown arguments %q", args)
}

func document(program, to, version, made, licences string) error {
	about := sbom.Program{Version: version, Made: made}
	text, err := os.ReadFile(licences)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &about.Licences); err != nil {
		return fmt.Errorf("%s: %w", licences, err)
	}
	doc, err := sbom.Of(program, about)
	if err != nil {
		return err
	}
	return os.WriteFile(to, doc, 0o644)
}
