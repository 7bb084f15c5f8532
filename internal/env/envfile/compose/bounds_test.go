package compose_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
)

// A project without an end ends in an error that says where.
func TestProjectsAreBounded(t *testing.T) {
	t.Parallel()
	doubling := strings.Builder{}
	doubling.WriteString("x-0: &a0 {A: b, C: d}\n")
	for i := range 60 {
		fmt.Fprintf(&doubling, "x-%d: &a%d {<<: [*a%d, *a%d], K%d: v}\n", i+1, i+1, i, i, i)
	}
	doubling.WriteString("services: {web-1: {environment: *a60}}\n")
	many := "services:\n"
	for i := range 200 {
		many += fmt.Sprintf("  s%d: {extends: s%d}\n", i, i+1)
	}
	extended := "services:\n  base: {environment: {"
	for i := range 1000 {
		extended += fmt.Sprintf("K%d: v, ", i)
	}
	extended += "}}\n"
	for i := range 1000 {
		extended += fmt.Sprintf("  s%d: {extends: base}\n", i)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"includes itself":          {map[string]string{"compose.yaml": "include: [compose.yaml]\n"}, "includes this one"},
		"includes in a circle":     {map[string]string{"compose.yaml": "include: [a.yaml]\n", "a.yaml": "include: [compose.yaml]\n"}, "includes this one"},
		"extends itself":           {map[string]string{"compose.yaml": "services: {a: {extends: a}}\n"}, "extends from this one"},
		"extends itself by a file": {map[string]string{"compose.yaml": "services: {a: {extends: {file: compose.yaml, service: a}}}\n"}, "extends from this one"},
		"extends too deep":         {map[string]string{"compose.yaml": many + "  s200: {image: h}\n"}, "more than 100 services deep"},
		"extends much, often":      {map[string]string{"compose.yaml": extended}, "by extends"},
		"merges itself":            {map[string]string{"compose.yaml": "services: {a: &a {environment: &e {A: b, <<: *e}}}\n"}, ""},
		"includes without an end":  {nil, "more than 100 files deep"},
		"includes many twice":      {map[string]string{"compose.yaml": "include: [2.yaml, 3.yaml]\n"}, "more than 1000 files"},
		"not there":                {map[string]string{"compose.yaml": "include: [a.yaml]\n"}, "there is no a.yaml"},
		"from elsewhere":           {map[string]string{"compose.yaml": "include: ['https://example.com/a.yaml']\n"}, "does not fetch"},
		"merge keys that double":   {map[string]string{"compose.yaml": doubling.String()}, ""},
		"a key twice":              {map[string]string{"compose.yaml": "services: {a: {image: x, image: y}}\n"}, "already"},
		"a list of mappings":       {map[string]string{"compose.yaml": "services: {a: {environment: [{A: b}]}}\n"}, "is no text"},
	} {
		open := func(path string) ([]byte, error) {
			if text, ok := c.files[filepath.ToSlash(path)]; ok {
				return []byte(text), nil
			}
			if strings.HasPrefix(path, ".") || strings.Contains(path, "override") {
				return nil, fs.ErrNotExist
			}
			if c.files == nil {
				return fmt.Appendf(nil, "include: [x%s]\n", path), nil
			}
			if strings.HasPrefix(name, "includes many") {
				var n int
				_, _ = fmt.Sscanf(path, "%d", &n)
				if n > 1<<10 {
					return []byte("services: {}\n"), nil
				}
				return fmt.Appendf(nil, "include: [%d.yaml, %d.yaml]\n", 2*n, 2*n+1), nil
			}
			return nil, fs.ErrNotExist
		}
		_, err := compose.Load("compose.yaml", files(open))
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f, ok := hostenv.FindingOf(err)
		if !ok || !strings.Contains(f.Message, c.want) || f.Line < 1 || f.Column < 1 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
