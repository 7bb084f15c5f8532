package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Figures names the variable with the folder that figures are kept in. `make
// test` sets it and prints them at its end.
const Figures = "LATCH_FIGURES"

// Figure logs what a test counted, and keeps it for the end of `make test`: how
// much was proven shows only in how often.
func Figure(t testing.TB, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	t.Log(text)
	folder := os.Getenv(Figures)
	if folder == "" || testing.Short() { // which counts less
		return
	}
	name := strings.NewReplacer("/", "_", "\\", "_", ":", "_").Replace(t.Name())
	line, _, _ := strings.Cut(text, "\n")
	if err := os.WriteFile(filepath.Join(folder, name), []byte(t.Name()+": "+line+"\n"), 0o644); err != nil {
		t.Errorf("failed to keep a figure: %v", err)
	}
}
