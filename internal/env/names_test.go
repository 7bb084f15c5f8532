package env

import (
	"maps"
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

// TestReservedNames: of every name that a shell has by itself, and of those that
// hosts read, a dialect that shells read is refused, or every one of its shells sets
// it as it is written.
func TestReservedNames(t *testing.T) {
	t.Parallel()
	names := []string{"PATH", "IFS", "LANG", "TZ", "OWN", "status", "version", "WASMCLOUD_LATTICE", "HOST_latch_host", "NATS_HOST"}
	names = append(names, namesKnownTo(t, "bash", "-c", "compgen -v")...)
	names = append(names, namesKnownTo(t, "zsh", "-fc", "print -l ${(k)parameters}")...)
	names = append(names, namesKnownTo(t, "ksh93", "-c", "set")...)
	names = append(names, namesKnownTo(t, "mksh", "-c", "set")...)
	names = append(names, namesKnownTo(t, "fish", "--no-config", "-c", "set --names")...)
	slices.Sort(names)
	names = slices.Compact(names)
	for _, d := range []Dialect{dialect("dotenv"), dialect("sh"), dialect("fish")} {
		dir := t.TempDir()
		var paths, kept []string
		for i, name := range names {
			text, err := d.Render(plainly(t, name, "C"), Revealed)
			if err != nil {
				if !fault.Is(err, fault.Refused) || hint(err) == "" {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			path := filepath.Join(dir, strconv.Itoa(i)+d.Extension())
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			paths, kept = append(paths, path), append(kept, name)
		}
		if refused := len(names) - len(kept); refused < 10 || len(kept) < 30 {
			t.Errorf("%s refuses %d names of %d", d.Name(), refused, len(names))
		}
		for _, p := range programs() {
			if p.dialect != d.Name() || !slices.Contains([]string{"sh", "bash", "dash", "zsh", "ksh", "mksh", "yash", "busybox", "fish"}, p.name) {
				continue
			}
			for i, got := range p.read(t, paths) {
				if got[kept[i]] != "C" && !(p.name == "fish" && kept[i] == "HOME") { // the test's own

					t.Errorf("%s, reading %s: %s is %q of %v", p.name, d.Name(), kept[i], got[kept[i]], slices.Collect(maps.Keys(got)))
				}
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
