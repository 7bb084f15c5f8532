package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// Leftovers are the paths of what killed runs left in a folder: files that wait for
// their names, which may hold seeds in clear, and changes of several files. What a
// living process is at work on is none. Hold finishes or removes them.
func Leftovers(dir string) ([]string, error) {
	f := &folder{path: filepath.Clean(dir)}
	all, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("read the folder", f.path, err)
	}
	var found []string
	for _, entry := range all {
		name := entry.Name()
		staged := strings.HasPrefix(name, stagedPrefix) && entry.Type().IsRegular() && !f.inUse(name)
		set := name == setFolder && entry.IsDir() && !f.inUse(setFolder+".lock")
		if staged || set {
			found = append(found, filepath.Join(f.path, name))
		}
	}
	return found, nil
}

// inUse reports whether a living process holds a file of the folder.
func (f *folder) inUse(name string) bool {
	file, err := os.OpenFile(filepath.Join(f.path, name), os.O_RDONLY|system.NoFollow|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	return system.Held(file)
}
