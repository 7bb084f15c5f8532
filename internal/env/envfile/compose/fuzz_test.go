package compose_test

import (
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
)

// FuzzLoad: whatever the files of a project hold, it is read with few openings, what
// is said of it has a place in one of them, and errors repeat no seed.
func FuzzLoad(f *testing.F) {
	for n := range uint64(12) {
		g := &generator{Rand: rand.New(rand.NewPCG(7, n)), files: map[string]string{}}
		g.project()
		f.Add(g.files["compose.yaml"], g.files["compose.override.yaml"], g.files["inc.yaml"], g.files[".env"], g.files["a.env"])
	}
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat("compose", 10)))
	if err != nil {
		f.Fatal(err)
	}
	secret := string(seed.Reveal())
	f.Add("services: {a: {environment: {WASMCLOUD_CLUSTER_SEED: "+secret+"}, extends: "+secret+"}}", "", "", "A="+secret, secret)
	f.Add("include: ["+secret+"]\n", "services: "+secret, "include: [{path: inc.yaml, env_file: a.env}]", "A=b", "")
	f.Add("services: {a: {environment: &e ['"+secret+"', '${"+secret+"']}, b: {environment: *e, env_file: {path: a.env, format: "+secret+"}}}", "", "", "", "")
	f.Fuzz(func(t *testing.T, main, override, included, dotenv, env string) {
		texts := map[string]string{"compose.yaml": main, "compose.override.yaml": override, "inc.yaml": included, ".env": dotenv, "a.env": env}
		opened, lines := 0, 2
		for _, text := range texts {
			lines += len(text)
		}
		open := func(path string) ([]byte, error) {
			opened++
			if text, there := texts[filepath.ToSlash(path)]; there && text != "" {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		}
		hosts, err := compose.Load("compose.yaml", files(open))
		if most := 3000 + lines; opened > most {
			t.Fatalf("files were opened %d times", opened)
		}
		if err != nil {
			if finding, ok := hostenv.FindingOf(err); ok && (finding.Line < 1 || finding.Line > lines || finding.Column < 1) {
				t.Fatalf("%+v in %d lines", finding, lines)
			}
			if strings.Contains(keys.Mask(err.Error()), secret) { // paths are named
				t.Fatal("the error repeats a seed")
			}
			return
		}
		for _, h := range hosts {
			for _, e := range h.Entries {
				if e.Line < 1 || e.Line > lines || e.Column < 1 || e.Path == "" {
					t.Fatalf("%s on line %d, column %d of %q", e, e.Line, e.Column, e.Path)
				}
			}
			for _, finding := range h.Findings {
				if finding.Line < 1 || finding.Line > lines || finding.Column < 1 {
					t.Fatalf("%v in %d lines", finding, lines)
				}
			}
		}
		hostenv.WipeAll(hosts)
	})
}
