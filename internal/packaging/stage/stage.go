// Package stage makes what packages hold beside the program itself: completions, man
// pages and the terms of what latch is made of.
package stage

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/packaging/licences"
	"github.com/latch-keys/latch/internal/process"
)

// Into writes all of it into a folder, for a version. top is the folder of the
// module. The same commit makes the same bytes.
func Into(folder, top, version string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for _, write := range []func(folder, top, version string) error{completions, manPages, terms} {
		if err := write(folder, top, version); err != nil {
			return err
		}
	}
	return nil
}

func put(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// completions are what latch prints.
func completions(folder, _, version string) error {
	for shell, ending := range map[string]string{"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"} {
		var out, said bytes.Buffer
		code := cmd.Main(context.Background(), process.System{
			Args: []string{"latch", "completion", shell}, Version: version,
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
			Columns: func() int { return 0 }, Now: time.Now,
		})
		if code != 0 || out.Len() == 0 {
			return fmt.Errorf("latch completion %s: exit code %d: %s", shell, code, said.String())
		}
		if err := put(filepath.Join(folder, "completions", "latch."+ending), out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// manPages are those of docs/man, which name the version here; packed as well, since
// that is how distributions have them.
func manPages(folder, top, version string) error {
	pages, err := filepath.Glob(filepath.Join(top, "docs/man/*.1"))
	if err != nil || len(pages) < 20 {
		return fmt.Errorf("only %d man pages (%w)", len(pages), err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.Base(path)
		named := bytes.Replace(text, []byte(`"latch" "latch manual"`), []byte(`"latch `+version+`" "latch manual"`), 1)
		if bytes.Equal(named, text) {
			return fmt.Errorf("%s has no title of latch", name)
		}
		if err := put(filepath.Join(folder, "man/man1", name), named); err != nil {
			return err
		}
		if err := putPacked(filepath.Join(folder, "man-packed/man1", name+".gz"), named); err != nil {
			return err
		}
	}
	return nil
}

// putPacked leaves name and time out of the gzip.
func putPacked(path string, text []byte) error {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return put(path, packed.Bytes())
}

// terms are the notices, and the licences by module for who lists the parts.
func terms(folder, top, _ string) error {
	modules, err := licences.Linked(top)
	if err != nil {
		return err
	}
	var notices bytes.Buffer
	if err := licences.Notices(&notices, modules); err != nil {
		return err
	}
	if err := put(filepath.Join(folder, "NOTICES"), notices.Bytes()); err != nil {
		return err
	}
	byPath := map[string]string{}
	for _, m := range modules {
		byPath[m.Path] = m.Expression()
	}
	text, err := json.MarshalIndent(byPath, "", "  ")
	if err != nil {
		return err
	}
	return put(filepath.Join(folder, Licences), append(text, '\n'))
}

// Licences is the file with the licences of all modules, by path.
const Licences = "licences.json"
