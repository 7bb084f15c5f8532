package compose_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/sirupsen/logrus"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/oracle"
)

// asCompose is a project as compose's own loader has it, by service and
// variable; nil for a variable that is not set.
func asCompose(dir string, files []string) (map[string]types.MappingWithEquals, error) {
	var configs []types.ConfigFile
	for _, file := range files {
		configs = append(configs, types.ConfigFile{Filename: filepath.Join(dir, file)})
	}
	environment := map[string]string{}
	if _, err := os.Stat(filepath.Join(dir, ".env")); err == nil {
		if environment, err = dotenv.GetEnvFromFile(nil, []string{filepath.Join(dir, ".env")}); err != nil {
			return nil, err
		}
	}
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{WorkingDir: dir, ConfigFiles: configs, Environment: environment},
		func(o *loader.Options) { o.SetProjectName("p", true) }, loader.WithProfiles([]string{"*"}))
	if err != nil {
		return nil, err
	}
	all := map[string]types.MappingWithEquals{}
	for name, s := range project.Services {
		all[name] = s.Environment
	}
	return all, nil
}

// rawFormat is the format that docker compose adds to the library's.
func rawFormat(r io.Reader, _ string, vars map[string]string, lookup func(string) (string, bool)) error {
	lines, err := kvfile.ParseFromReader(r, lookup)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		vars[name] = value
	}
	return err
}

// TestProjectsAreRead as compose reads them: generated ones, of main, override,
// included and extended files, env files and values from .env.
func TestProjectsAreReadAsComposeDoes(t *testing.T) {
	logrus.SetOutput(io.Discard)
	dotenv.RegisterFormat("raw", rawFormat)
	taken, refused := 0, 0
	for n := range 320 {
		g := &generator{Rand: rand.New(rand.NewPCG(7, uint64(n))), files: map[string]string{}}
		g.project()
		dir := t.TempDir()
		t.Chdir(dir) // compose takes some paths of nested includes from where it runs
		for name, text := range g.files {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := asCompose(dir, g.main)
		got, gotErr := asLatch(filepath.Join(dir, "compose.yaml"))
		switch {
		case err != nil && gotErr != nil:
			refused++
		case err != nil || gotErr != nil:
			t.Errorf("project %d: latch %v, compose %v\n%s", n, gotErr, err, g)
		default:
			taken++
			if diff := differences(got, want); diff != "" {
				t.Errorf("project %d: %s\n%s", n, diff, g)
			}
		}
		if t.Failed() {
			return
		}
	}
	oracle.Figure(t, "%d projects read alike, %d refused by both", taken, refused)
	if taken < 200 || refused < 20 {
		t.Errorf("only %d projects taken, %d refused", taken, refused)
	}
}

// files are read by a function, env files by the room for that.
type files func(path string) ([]byte, error)

func (f files) Open(path string) ([]byte, error) { return f(path) }

func (f files) ReadEnvFile(path string, text []byte, raw bool, beside, earlier interpolate.Lookup) hostenv.Host {
	h := hostenv.Host{Path: path}
	if raw {
		reading.Raw().Read(&h, text)
	} else {
		reading.Compose(beside, earlier).Read(&h, text)
	}
	return h
}

// asLatch gives what each service is told; a variable that is not known is nil.
func asLatch(path string) (map[string]types.MappingWithEquals, error) {
	hosts, err := compose.Load(path, files(os.ReadFile))
	if err != nil {
		return nil, err
	}
	all := map[string]types.MappingWithEquals{}
	for _, h := range hosts {
		for _, f := range h.Findings {
			if f.Severity == "error" && f.Rule != "set_twice" && f.Rule != "empty_value" && f.Rule != "comment_kept" && f.Rule != "quotes_kept" && f.Rule != "blank_kept" {
				return nil, fmt.Errorf("%s", f)
			}
		}
		vars := types.MappingWithEquals{}
		for name, e := range h.Final() {
			value := string(e.Value())
			vars[name] = &value
			if e.Expanded {
				vars[name] = nil
			}
		}
		all[h.Name] = vars
	}
	return all, nil
}

// differences are what one says otherwise than the other. What latch does not
// know compose leaves out, or has put nothing in the place of.
func differences(got, want map[string]types.MappingWithEquals) string {
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(want)) {
		for _, key := range slices.Sorted(maps.Keys(want[name])) {
			mine, ok := got[name][key]
			theirs := want[name][key]
			if !ok || mine != nil && (theirs == nil || *mine != *theirs) {
				fmt.Fprintf(&out, "%s of %s is %s, want %s\n", key, name, show(mine), show(theirs))
			}
		}
		for key := range got[name] {
			if _, ok := want[name][key]; !ok && got[name][key] != nil {
				fmt.Fprintf(&out, "%s of %s is %s, and not set for compose\n", key, name, show(got[name][key]))
			}
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			fmt.Fprintf(&out, "compose has no service %s\n", name)
		}
	}
	return out.String()
}

func show(s *string) string {
	if s == nil {
		return "not known"
	}
	return fmt.Sprintf("%q", *s)
}
