package packaging

import (
	"io/fs"
	"path"
	"regexp"
	"testing"
	"testing/fstest"
)

// pages are the files of an archive, for who reads them where they were unpacked.
func pages(files map[string]packed) fs.FS {
	unpacked := fstest.MapFS{}
	for name, file := range files {
		unpacked[name] = &fstest.MapFile{Data: file.text}
	}
	return unpacked
}

// leadSomewhere checks that every link of a page to another file leads to one that
// came with it.
func leadSomewhere(t *testing.T, what string, files fs.FS) {
	t.Helper()
	link := regexp.MustCompile(`\]\(([^()#:]+)(?:#[^()]*)?\)`)
	seen := 0
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, found := range link.FindAllSubmatch(text, -1) {
			seen++
			if _, err := fs.Stat(files, path.Join(path.Dir(name), string(found[1]))); err != nil {
				t.Errorf("%s: %s leads to %s, which is not there", what, name, found[1])
			}
		}
		return err
	})
	if err != nil || seen < 100 {
		t.Errorf("%s: only %d links (%v)", what, seen, err)
	}
}
