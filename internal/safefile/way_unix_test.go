//go:build unix

package safefile

import (
	"os"
	"path/filepath"
	"testing"
)

// Folders are judged whole: nobody else may own a folder or a link on the way.
func TestTheWayToAFolderIsJudged(t *testing.T) {
	t.Parallel()
	uses := map[string]func(dir string) error{
		"create": func(dir string) error { return Create(filepath.Join(dir, "new"), nil, Private) },
		"read":   func(dir string) error { return second(Read(filepath.Join(dir, "f"), Private, 10)) },
		"make":   MakeDir,
		"below":  func(dir string) error { return MakeDir(filepath.Join(dir, "more")) },
		"set":    func(dir string) error { return put1(t, dir) },
	}
	for name, set := range map[string]func(t *testing.T, top string) (dir, blame string){
		"below another's folder": func(t *testing.T, top string) (string, string) {
			give(t, filepath.Join(top, "a"))
			return filepath.Join(top, "a", "b"), filepath.Join(top, "a")
		},
		"through another's link": func(t *testing.T, top string) (string, string) {
			link := filepath.Join(top, "link")
			must(t, os.Symlink(filepath.Join(top, "a", "b"), link))
			give(t, link)
			return link, link
		},
		"our link below another's folder": func(t *testing.T, top string) (string, string) {
			link := filepath.Join(top, "link")
			must(t, os.Symlink("a/b", link))
			give(t, filepath.Join(top, "a"))
			return link, filepath.Join(top, "a")
		},
	} {
		for doing, use := range uses {
			top := own(t)
			must(t, os.MkdirAll(filepath.Join(top, "a", "b"), 0o700))
			put(t, filepath.Join(top, "a", "b", "f"), "x", 0o600)
			if err := use(filepath.Join(top, "a", "b")); err != nil {
				t.Fatalf("%s: %v", doing, err)
			}
			_ = os.Remove(filepath.Join(top, "a", "b", "new"))
			dir, blame := set(t, top)
			t.Log(name, doing)
			refused(t, use(dir), blame)
		}
	}
}

// A link of our own to a folder of our own is none of anybody's business.
func TestOurOwnLinksToFoldersAreFollowed(t *testing.T) {
	t.Parallel()
	top := own(t)
	must(t, os.Mkdir(filepath.Join(top, "real"), 0o700))
	must(t, os.Symlink("real", filepath.Join(top, "link")))
	must(t, Create(filepath.Join(top, "link", "f"), []byte("x"), Private))
	has(t, filepath.Join(top, "real", "f"), "x", 0o600)
}

func put1(t *testing.T, dir string) error {
	t.Helper()
	s, err := OpenSet(t.Context(), dir)
	if err != nil {
		return err
	}
	s.Close()
	return nil
}
