package envfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/fault"
)

// folderDepth bounds how deep folders are looked into.
const folderDepth = 8

// listed names the files to read: those given, and in the place of a folder what
// is in it and in the folders below, sorted. Left out are folders whose name
// begins with a dot, what git or a package manager keeps, linked folders, and files
// that others of the folder read: override files, the .env beside a compose file,
// drop-ins.
func listed(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is told when it is read
			continue
		}
		found, err := filesIn(path, folderDepth)
		if err != nil {
			return nil, err
		}
		if found = once(found); len(found) == 0 {
			return nil, fault.New(fault.NotFound, "%s contains no env file", path).WithHint("latch env write makes them")
		}
		files = append(files, found...)
	}
	return files, nil
}

// Empty reports whether path is a folder with nothing in it, as before a first deploy.
func Empty(path string) bool {
	entries, err := os.ReadDir(path)
	return err == nil && len(entries) == 0
}

func filesIn(dir string, depth int) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	isMain := func(e fs.DirEntry) bool { return slices.Contains(compose.MainNames(), e.Name()) }
	project := slices.ContainsFunc(entries, isMain)
	var files []string
	for _, e := range entries {
		name, path := e.Name(), filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			unitOf := strings.TrimSuffix(name, ".d")
			dropIns := unitOf != name && slices.ContainsFunc(entries, func(other fs.DirEntry) bool { return other.Name() == unitOf })
			if depth == 0 || dropIns || strings.HasPrefix(name, ".") || name == "node_modules" {
				continue
			}
			below, err := filesIn(path, depth-1)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		case !readable(name) || !isFile(dir, e):
		case project && (name == ".env" || slices.Contains(compose.OverrideNames(), name)):
		default:
			files = append(files, path)
		}
	}
	return files, nil
}

// isFile reports whether an entry of a folder is a file or a link to one. Of what a
// link misses, reading it tells, unless it is hidden: editors leave such links as locks.
func isFile(dir string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := os.Stat(filepath.Join(dir, e.Name()))
	if err != nil {
		return !strings.HasPrefix(e.Name(), ".")
	}
	return info.Mode().IsRegular()
}

// once leaves out links to files that are named by themselves, and all but the first
// link to another file.
func once(files []string) []string {
	behind := make(map[string]string, len(files)) // what is behind each link
	seen := map[string]bool{}
	for _, file := range files {
		if info, err := os.Lstat(file); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		behind[file], _ = filepath.EvalSymlinks(file)
	}
	if len(behind) == 0 {
		return files
	}
	for _, file := range files {
		if _, link := behind[file]; link {
			continue
		}
		if target, err := filepath.EvalSymlinks(file); err == nil {
			seen[target] = true
		}
	}
	return slices.DeleteFunc(files, func(file string) bool {
		target := behind[file]
		again := seen[target]
		seen[target] = target != ""
		return again
	})
}
