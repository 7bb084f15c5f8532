package reading

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	dotenv "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/oracle"
)

// A program reads an env file and gives its variables; an error: it refuses;
// nil: it is no judge of this file.
type program func(t *testing.T, file []byte) (map[string]string, error)

func nothing(string) (string, bool) { return "", false }

func asDocker(_ *testing.T, file []byte) (map[string]string, error) {
	pairs, err := kvfile.ParseFromReader(bytes.NewReader(file), nothing)
	return pairsOf(pairs), err
}

func asCompose(_ *testing.T, file []byte) (map[string]string, error) {
	return dotenv.ParseWithLookup(bytes.NewReader(file), nothing)
}

// asShell has a shell source the file; what is not set by it is left out.
func asShell(name string) program {
	return func(t *testing.T, file []byte) (map[string]string, error) {
		path := filepath.Join(t.TempDir(), "f.env")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(oracle.Need(t, name), "-ec", `set -a; . "$1"; exec env -0`, name, path)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
		out, err := cmd.Output()
		found := pairsOf(strings.Split(string(out), "\x00"))
		for _, own := range []string{"PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"} {
			delete(found, own)
		}
		return found, err
	}
}

// asSystemd asks the program that reads environment.d, whose parser is that of
// EnvironmentFile; it goes on to expand $X, which EnvironmentFile does not.
func asSystemd(t *testing.T, file []byte) (map[string]string, error) {
	if bytes.Contains(file, []byte("$")) {
		return nil, nil
	}
	const generator = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
	if _, err := os.Stat(generator); err != nil {
		oracle.Missing(t, generator)
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "environment.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "environment.d", "host.conf"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(generator)
	cmd.Env = []string{"XDG_CONFIG_HOME=" + home, "HOME=" + home}
	out, err := cmd.Output()
	found := pairsOf(strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"))
	delete(found, "QT_ACCESSIBILITY") // the system's own
	for name, value := range found {  // printed for a shell to read
		if plain, err := strconv.Unquote(value); err == nil {
			found[name] = plain
		}
	}
	return found, err
}

func pairsOf(pairs []string) map[string]string {
	found := map[string]string{}
	for _, pair := range pairs {
		if name, value, ok := strings.Cut(pair, "="); ok {
			found[name] = value
		}
	}
	return found
}

// quirks are files on which the programs differ from one another.
func quirks() []string {
	return []string{
		"A=b\n", "A=b", "A=\n", "A=b\r\nC=d\r\n", "  A=b\n", "A=b  \n", "A=  b\n", "\n\n# c\nA=b\n", " # c\nA=b\n",
		"A=\"b c\"\n", "A='b c'\n", "A=\"b\"c\n", "A=b\"c\"\n", "A='b'\"c\"d\n", "A=\"b\" # c\n", "A=b # c\n", "A=b#c\n", "A='b # c'\n",
		"A=\"b\\\"c\"\n", "A='b\\'\n", "A=b\\ c\n", "A=\"b\\nc\"\n", "A=\"b\\\\c\"\n", "A=\"b\\qc\"\n", "A=b\\\nC=d\n", "A=\"b\nc\"\nD=e\n",
		"A='b\nc'\nD=e\n", "export A=b\n", "export A='b' C=d\n", "export\tA=b\n", "export A\nC=d\n", "A=b C=d\n", "A=b;C=d\n", "A=b=c\n", "A=b\nA=c\n",
		"A= b\n", "A =b\n", "A\nC=d\n", "=b\n", "A=;\n", "; c\nA=b\n", "A=b;c\n", "A=\"\"\n", "A=''\n", "A='\n", "A=\"b\n", "# c\\\nA=b\nC=d\n",
		"export \"A=b c\"\n", "export 'A=b' C=d\n", "export A\"=b\"\n", "export \"A\"=b\n", "export \\A=b\n", "\"export\" A=b\n", "export \"A=$B\"\n", "export \"A=~\"\n", "export -- A=b\n",
		"export -n A=b\n", "export \"1A=b\"\n", "export A-B=c\n", "export A+=b\n", "A=b\nA+=c\n", "A+=c\n", "\"A=b\"\nC=d\n", "A\"B\"=c\n", "A-B=c\nC=d\n",
		"readonly A=b\n", "readonly \"A=b c\" C=d\n", "declare -x A=b\n", "declare -x \"A=b c\"\n", "typeset -x A=b\n", "typeset \"A=b\"\n", "declare -i A=1+1\n", "readonly A\nC=d\n",
		"A=b'c d'\n", "A=\t'b'\n", "set -a\nA=b\n", "A=/x:y@z%+,.-\n", "A=b\tc\n", "A=\"b\"\t\n", "\ufeffA=b\n", "A=b\v\n", "A_1=b\n", "1A=b\n", "A-B=c\n",
		"A: b\n", "A=é\n", "A=\"a\\tb\\$c\"\n", "A='it'\\''s'\n", "A=b\\\\\n", "A=\"b\\\nc\"\n", "A=\"b  \"  \n", "A='b'  'c'\n", "A=b 'c'\n",
	}
}

// Each reading has the values that the program itself has. Where the program
// refuses a file, or where the value is not in the file alone, the reading has
// a finding or says Expanded.
func TestReadingsReadAsTheProgramsDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reading Reading
		read    program
	}{
		"docker":  {docker{}, asDocker},
		"compose": {compose{}, asCompose},
		"bash":    {shell{}, asShell("bash")},
		"dash":    {shell{}, asShell("dash")},
		"systemd": {systemd{}, asSystemd},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, file := range quirks() {
				same(t, c.reading, c.read, file)
			}
		})
	}
}

// same leaves out variables without a name and, since the systemd generator
// does, those without a value.
func same(t *testing.T, reading Reading, read program, file string) {
	t.Helper()
	unset := func(name, value string) bool { return name == "" || value == "" }
	h := hostenv.Host{ReadBy: reading.Name()}
	reading.Read(&h, []byte(file))
	mine := map[string]string{}
	for _, e := range h.Entries {
		mine[e.Name] = string(e.Value())
		if e.Expanded {
			return
		}
	}
	theirs, err := read(t, []byte(file))
	if err != nil && len(h.Findings) > 0 || err == nil && theirs == nil {
		return
	}
	maps.DeleteFunc(mine, unset)
	maps.DeleteFunc(theirs, unset)
	if err != nil || !maps.Equal(mine, theirs) {
		t.Errorf("%q: read %q, the program reads %q, %v; findings %v", file, mine, theirs, err, h.Findings)
	}
}
