package unit_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/unit"
	"github.com/latch-keys/latch/internal/oracle"
)

// taken is what somebody takes from a unit.
type taken struct {
	variables, files []string
	remarks          bool // that something in it is left out
}

// bySystemd is what systemd takes from each of the units.
func bySystemd(t *testing.T, texts []string) []taken {
	t.Helper()
	dir := t.TempDir()
	args := []string{"verify", "--man=no"}
	for i, text := range texts {
		args = append(args, filepath.Join(dir, fmt.Sprintf("u%d.service", i)))
		if err := os.WriteFile(args[len(args)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(oracle.Need(t, "systemd-analyze"), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "SYSTEMD_LOG_LEVEL=debug", "SYSTEMD_LOG_TARGET=console", "SYSTEMD_UNIT_PATH=" + dir + ":", "LC_ALL=C"}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, _ := cmd.Output() // it fails where it has anything to say
	all := make([]taken, len(texts))
	for i, text := range texts {
		_, unit, found := strings.Cut(string(out), fmt.Sprintf("-> Unit u%d.service:", i))
		if !found {
			t.Fatalf("systemd-analyze loads no unit from %q", text)
		}
		unit, _, _ = strings.Cut(unit, "-> Unit ")
		all[i].remarks = regexp.MustCompile(fmt.Sprintf(`(?m)^\S*u%d\.service:\d+: `, i)).Match(said.Bytes())
		for _, m := range regexp.MustCompile(`(?m)^\t\tEnvironment(File)?: -?(.*)$`).FindAllStringSubmatch(unit, -1) {
			if m[1] == "" {
				all[i].variables = append(all[i].variables, m[2])
			} else {
				all[i].files = append(all[i].files, path.Clean(m[2]))
			}
		}
	}
	return all
}

// unitTexts are what systemd reads in its own way.
func unitTexts() []string {
	lines := []string{
		"Environment=A=b C=d", "Environment=\"A=b c\" 'D=e'", "Environment=A=\"b c\"d", `Environment="A=b\"c\\d"`, "Environment=A=%%b",
		"  Environment  =  A=b  ", "Environment=A=b # C=d", "Environment=A=b 1=c", "Environment=A=b\tC=d", "Environment='A=\"b\"'", "Environment==b", "WASMCLOUD_X=b",
		"Environment=A=\nEnvironment=B=''", "Environment=A=b\nEnvironment=\nEnvironment=C=d", "Environment=A=b\nEnvironment=A=c",

		// Continued is a line that ends in a backslash, not in two, and not before a blank.
		"Environment=A=b \\\n  C=d", "Environment=A=b\\\nEnvironment=C=d", "Environment=A=b\\\\\nEnvironment=C=d", "Environment=A=b\\\\\\\nC=d",
		"Environment=A=b \\  \nEnvironment=C=d", "Environment=A=b \\\n# c\n ; c\n C=d\nEnvironment=E=f", "Environment=A=b \\\n\n WASMCLOUD_X=d\nEnvironment=E=f",
		"Environment=\"A=b\\\n   c\"", "Environment=A=b \\\r\n  C=d\r\nEnvironment=E=f\r", "Environment=A=b\\", "# c \\\nEnvironment=A=b", "Environment=A=b \\\n \\\n C=d",

		// From a flaw on, the line is left out.
		"Environment=A=b \"C=d", "Environment=A=b C=\\q D=e", "Environment='A=b", `Environment=A=\x41\101\u00e9\t`, `Environment=A=b\sc`, `Environment=A=b C=\x00 D=e`, `Environment=A=b C=\x4`,

		"EnvironmentFile=/e.env", "EnvironmentFile=-/e.env", "EnvironmentFile=/a.env\nEnvironmentFile=/b.env", "EnvironmentFile=/a.env\nEnvironmentFile=\nEnvironmentFile=/b.env",
		"EnvironmentFile=\"/e.env\"", "EnvironmentFile='/e.env'", "EnvironmentFile=-\"/e.env\"", "EnvironmentFile=e/f.env", "EnvironmentFile=-e.env", "EnvironmentFile=- /a.env",
		"EnvironmentFile=/a.env\nEnvironmentFile=-", "EnvironmentFile=/a b.env", "EnvironmentFile=/a.env /b.env", "EnvironmentFile=/a.env # c", "EnvironmentFile=//a//b.env", "EnvironmentFile=/a.env\\\nEnvironment=A=b",
	}
	for i, l := range lines {
		lines[i] = "[Service]\nType=oneshot\nExecStart=/bin/true\n" + l + "\n"
	}
	return lines
}

// What latch reads in a unit is what systemd reads in it; where systemd leaves
// something out, latch says so.
func TestUnitsReadAsSystemdReadsThem(t *testing.T) {
	t.Parallel()
	texts := unitTexts()
	for i, systemd := range bySystemd(t, texts) {
		if latch := byLatch(t, texts[i]); !reflect.DeepEqual(latch, systemd) {
			t.Errorf("%q: latch takes %+v, systemd %+v", texts[i], latch, systemd)
		}
	}
}

// byLatch is what latch takes.
func byLatch(t *testing.T, text string) taken {
	t.Helper()
	var r recorder
	h, err := unit.Load("h.service", []byte(text), "h", &r)
	if err != nil {
		t.Fatal(err)
	}
	by := taken{files: r.opened, remarks: len(h.Findings) > 0}
	for _, e := range h.Counting() {
		if e.Name != "" {
			by.variables = append(by.variables, e.Name+"="+string(e.Value()))
		}
	}
	return by
}

// recorder is a folder that has whatever files are asked for, each of them empty.
type recorder struct {
	folder
	opened []string
}

func (r *recorder) Open(name string) ([]byte, error) {
	r.opened = append(r.opened, path.Clean(name))
	return nil, nil
}
