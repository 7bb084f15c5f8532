package channels

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A release that lacks an archive gets no manifest that leads nowhere.
func TestWriteNeedsEveryArchive(t *testing.T) {
	t.Parallel()
	var lines []string
	for i, name := range []string{"darwin_amd64.tar.gz", "darwin_arm64.tar.gz", "linux_amd64.tar.gz", "linux_arm64.tar.gz", "windows_amd64.zip", "windows_arm64.zip"} {
		lines = append(lines, fmt.Sprintf("%064d  latch_1.2.3_%s\n", i+1, name))
	}
	for missing := range len(lines) + 1 {
		dist := t.TempDir()
		kept := append([]string{}, lines[:min(missing, len(lines))]...)
		if missing < len(lines) {
			kept = append(kept, lines[missing+1:]...)
		}
		if err := os.WriteFile(filepath.Join(dist, "checksums.txt"), []byte(strings.Join(kept, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Write(dist, filepath.Join(dist, "channels"), "1.2.3"); (err == nil) != (missing == len(lines)) {
			t.Errorf("without line %d: %v", missing, err)
		}
		if missing < len(lines) {
			continue
		}
		for name, count := range map[string]int{"latch.rb": 4, "latch.json": 2} {
			text, err := os.ReadFile(filepath.Join(dist, "channels", name))
			if err != nil || strings.Count(string(text), "/download/v1.2.3/latch_1.2.3_") != count {
				t.Errorf("%s (%v):\n%s", name, err, text)
			}
		}
	}
}
