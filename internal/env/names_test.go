package env

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/oracle"
)

// namesKnownTo asks a shell for the variables that it has by itself.
func namesKnownTo(t *testing.T, shell string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(oracle.Need(t, shell), args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", shell, err)
	}
	return regexp.MustCompile(`(?m)^[A-Za-z_][A-Za-z0-9_]*`).FindAllString(string(out), -1)
}

// namesOfShells are the variables that each shell has by itself.
func namesOfShells(t *testing.T) map[string][]string {
	t.Helper()
	return map[string][]string{
		"sh": namesKnownTo(t, "sh", "-c", "set"), "bash": namesKnownTo(t, "bash", "-c", "compgen -v"), "dash": namesKnownTo(t, "dash", "-c", "set"),
		"zsh": namesKnownTo(t, "zsh", "-fc", "print -l ${(k)parameters}"), "ksh": namesKnownTo(t, "ksh93", "-c", "set"), "mksh": namesKnownTo(t, "mksh", "-c", "set"),
		"yash": namesKnownTo(t, "yash", "-c", "set"), "busybox": namesKnownTo(t, "busybox", "sh", "-c", "set"), "fish": namesKnownTo(t, "fish", "--no-config", "-c", "set --names"),
	}
}

// unset are the names that a shell does not set as they are written. Those that it has
// by itself it is given one by one, since one may change what it does with another, and
// the rest all at once.
func unset(t *testing.T, d Dialect, read program, names, own []string) []string {
	t.Helper()
	var files [][]string
	var rest []string
	for _, name := range names {
		if slices.Contains(own, name) {
			files = append(files, []string{name})
		} else {
			rest = append(rest, name)
		}
	}
	files = append(files, rest)
	dir := t.TempDir()
	paths := make([]string, len(files))
	for i, names := range files {
		e := plainly(t, "", "")
		e.Assignments = nil
		for _, name := range names {
			e.Assignments = append(e.Assignments, Assignment{Name: name, plain: "C"})
		}
		text, err := d.Render(e, Revealed)
		if err != nil {
			t.Fatal(err)
		}
		paths[i] = filepath.Join(dir, strconv.Itoa(i)+d.Extension())
		if err := os.WriteFile(paths[i], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var bad []string
	for i, found := range read(t, paths) {
		bad = append(bad, slices.DeleteFunc(files[i], func(name string) bool { return found[name] == "C" })...)
	}
	return bad
}

// TestReservedNames: of every name that a shell has by itself, and of those that
// hosts read, a dialect that shells read is refused, or every one of its shells sets
// it as it is written.
func TestReservedNames(t *testing.T) {
	t.Parallel()
	names := []string{"PATH", "IFS", "LANG", "TZ", "OWN", "status", "version", "WASMCLOUD_LATTICE", "HOST_latch_host", "NATS_HOST"}
	shells := namesOfShells(t)
	for _, own := range shells {
		names = append(names, own...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, d := range []Dialect{dialect("dotenv"), dialect("sh"), dialect("fish")} {
		var kept []string
		for _, name := range names {
			switch _, err := d.Render(plainly(t, name, "C"), Revealed); {
			case err == nil:
				kept = append(kept, name)
			case !fault.Is(err, fault.Refused) || hint(err) == "":
				t.Errorf("%s: %v", name, err)
			}
		}
		if refused := len(names) - len(kept); refused < 10 || len(kept) < 30 {
			t.Errorf("%s refuses %d names of %d", d.Name(), refused, len(names))
		}
		for _, p := range programs() {
			own, isShell := shells[p.name]
			if p.dialect != d.Name() || !isShell {
				continue
			}
			bad := unset(t, d, p.read, kept, own)
			bad = slices.DeleteFunc(bad, func(name string) bool { return p.name == "fish" && name == "HOME" }) // the test's own
			if len(bad) > 0 {
				t.Errorf("%s, reading %s, does not set %s", p.name, d.Name(), strings.Join(bad, " "))
			}
		}
	}
	for _, name := range []string{"UID", "PATH"} {
		for _, d := range []string{"docker", "json", "systemd", "k8s"} {
			if _, err := dialect(d).Render(plainly(t, name, "C"), Revealed); err != nil {
				t.Errorf("%s refuses %s, which no shell reads: %v", d, name, err)
			}
		}
	}
	if strings.Contains(shellNames+"|"+fishNames, "  ") {
		t.Error("two blanks stand together")
	}
}
