package env

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// Generations tells, by host, the generation of the manifest from which latch wrote
// the file of the host that lies in dir; of several the oldest. Nothing but the file's
// own word is looked at. There may be no dir.
func Generations(dir string, m lattice.Manifest) (map[string]uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found := map[string]uint64{}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		from, ours := originOf(filepath.Join(dir, entry.Name()))
		if !ours || from.lattice != m.Lattice {
			continue
		}
		if other, there := found[from.host]; !there || from.generation < other {
			found[from.host] = from.generation
		}
	}
	return found, nil
}
