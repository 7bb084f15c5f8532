package doctorcmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/doctor"
	"github.com/latch-keys/latch/internal/safefile"
)

// gatherFiles judges the files and folders of the keystore, the identities and the
// env files.
func (a verbs) gatherFiles(ctx context.Context, facts *doctor.Facts) {
	look := looking{verbs: a, ctx: ctx, facts: facts}
	switch dir := a.KeystoreFolder(facts.Keystore.URI, a.KeystoreBase(facts.Keystore.Origin)); {
	case dir == "":
	case facts.Keystore.Sealed:
		look.folder(dir, safefile.Owned, ".age", true)
	default:
		look.folder(dir, safefile.Private, ".nk", true)
	}
	if facts.EnvDir != "" {
		look.folder(facts.EnvDir, safefile.Private, "", false)
	}
	for _, id := range facts.Identities {
		if id.Err == nil && !id.Sealed { // its own safety is judged where it is read
			look.secrets(filepath.Dir(id.Path), []string{id.Path}, doctor.File{}, func(string) error { return nil })
		}
	}
}

// looking is one look at the files.
type looking struct {
	verbs
	ctx   context.Context //nolint:containedctx // of one call
	facts *doctor.Facts
}

// folder judges a folder and the files in it with an ending.
func (l looking) folder(dir string, access safefile.Access, ending string, needed bool) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	l.facts.Files = append(l.facts.Files, doctor.File{Path: dir, Unsafe: safefile.Judge(dir, access), Needed: needed})
	var secrets []string
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ending) {
			continue
		}
		path := filepath.Join(dir, name)
		if access == safefile.Private {
			secrets = append(secrets, path)
		} else {
			l.facts.Files = append(l.facts.Files, doctor.File{Path: path, Unsafe: safefile.Judge(path, access), Needed: needed})
		}
	}
	l.secrets(dir, secrets, doctor.File{Needed: needed}, func(path string) error { return safefile.Judge(path, access) })
}

// secrets adds files with secrets of one folder, like another in what they do not
// differ in, and what git does with them. Whether it ignores them is asked of the first
// that it does not track: of thousands, each would take too long.
func (l looking) secrets(dir string, paths []string, like doctor.File, judge func(path string) error) {
	if len(paths) == 0 {
		return
	}
	tracked := map[string]bool{}
	for _, name := range l.Tracked(l.ctx, dir) {
		tracked[filepath.Join(dir, name)] = true
	}
	asked, seen := false, false
	for _, path := range paths {
		if !asked && !tracked[path] {
			asked, seen = true, l.GitSees(l.ctx, path)
		}
		file := like
		file.Path, file.Unsafe = path, judge(path)
		file.Secret, file.Tracked, file.Seen = true, tracked[path], seen && !tracked[path]
		l.facts.Files = append(l.facts.Files, file)
	}
}
