package unit_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/unit"
)

// folder is files in memory.
type folder map[string]string

func (f folder) Open(name string) ([]byte, error) {
	if text, ok := f[name]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func (f folder) List(dir string) ([]string, error) {
	var names []string
	for name := range f {
		if path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	return names, nil
}

// ReadEnvFile reads one assignment, its quotes taken away.
func (f folder) ReadEnvFile(name string, text []byte) hostenv.Host {
	var h hostenv.Host
	key, value, _ := strings.Cut(strings.TrimSpace(string(text)), "=")
	h.AddAt(key, name, 1, 1, []byte(strings.Trim(value, `"`)))
	return h
}

func (f folder) Credential(name string, _ []byte) (hostenv.Host, error) {
	var h hostenv.Host
	h.AddAt("FROM", name, 1, 1, []byte("credential"))
	return h, nil
}

// What a unit, its drop-ins and the files that they name tell a host, in the end.
// Source: man systemd.exec, Environment=, EnvironmentFile=, UnsetEnvironment=.
func TestUnits(t *testing.T) {
	t.Parallel()
	const head = "[Unit]\nEnvironment=NO=no\n[Service]\n"
	for name, c := range map[string]struct {
		files folder
		want  string
		finds string
	}{
		"plain":          {folder{"h.service": head + "Environment=A=b C=d\nEnvironment=\"E=f g\" 'H=i'\n"}, "A=b C=d E=f g H=i", ""},
		"quotes inside":  {folder{"h.service": head + "Environment=A=\"b c\"d\n"}, "A=b cd", ""},
		"escapes":        {folder{"h.service": head + `Environment="A=b\"c\\d" E=%%f` + "\n"}, `A=b"c\d E=%f`, ""},
		"specifier":      {folder{"h.service": head + "Environment=A=%i\n"}, "A=?", ""},
		"emptied":        {folder{"h.service": head + "Environment=A=b\nEnvironment=\nEnvironment=C=d\n"}, "C=d", ""},
		"continued":      {folder{"h.service": head + "Environment=A=b \\\n  # not this\n  C=d\n"}, "A=b C=d", ""},
		"files count":    {folder{"h.service": head + "EnvironmentFile=/e.env\nEnvironment=A=b\n", "/e.env": "A=\"c d\"\n"}, "A=c d", ""},
		"optional":       {folder{"h.service": head + "EnvironmentFile=-/e.env\nEnvironment=A=b\n"}, "A=b", "not_judged"},
		"missing":        {folder{"h.service": head + "EnvironmentFile=/e.env\n"}, "", "env_file"},
		"glob":           {folder{"h.service": head + "EnvironmentFile=/e/*.env\n"}, "", "not_judged"},
		"drop-ins":       {folder{"h.service": head + "Environment=A=b\n", "h.service.d/2.conf": "[Service]\nEnvironment=A=d\n", "h.service.d/1.conf": "[Service]\nEnvironment=A=c E=f\n", "h.service.d/3.txt": "[Service]\nEnvironment=A=x\n"}, "A=d E=f", ""},
		"unset":          {folder{"h.service": head + "Environment=A=b C=d\nUnsetEnvironment=A C=x\n"}, "C=d", ""},
		"passed":         {folder{"h.service": head + "PassEnvironment=A\n"}, "A=?", ""},
		"credential":     {folder{"h.service": head + "LoadCredential=latch.json:/c.json\n", "/c.json": "{}"}, "FROM=credential", ""},
		"no credential":  {folder{"h.service": head + "LoadCredential=latch.json:/c.json\n"}, "", "not_judged"},
		"named only":     {folder{"h.service": head + "LoadCredential=latch.json:c.json\n", "c.json": "{}"}, "", "not_judged"},
		"no assignment":  {folder{"h.service": head + "Environment=A =b\n"}, "", "variable_name"},
		"quote not shut": {folder{"h.service": head + "Environment=\"A=b\n"}, "", "syntax"},
		"path in quotes": {folder{"h.service": head + "EnvironmentFile=\"/e.env\"\n", "/e.env": "A=b\n"}, "", "syntax"},
		"relative path":  {folder{"h.service": head + "EnvironmentFile=e.env\n", "e.env": "A=b\n"}, "", "syntax"},
	} {
		h, err := unit.Load("h.service", []byte(c.files["h.service"]), "h", c.files)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for name, e := range h.Final() {
			value := string(e.Value())
			if e.Expanded {
				value = "?"
			}
			got = append(got, name+"="+value)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		var rules []string
		for _, f := range h.Findings {
			rules = append(rules, string(f.Rule))
		}
		if c.finds == "" && len(rules) > 0 || !strings.Contains(strings.Join(rules, " "), c.finds) {
			t.Errorf("%s: findings %v, want %q", name, h.Findings, c.finds)
		}
	}
}

func TestIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"# c\n\n[Service]\n": true, "A=[b]\n": false, "": false, "[Unit\n": false} {
		if unit.Is([]byte(text)) != want {
			t.Errorf("%q", text)
		}
	}
}
