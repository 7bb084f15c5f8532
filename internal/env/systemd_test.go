package env

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/oracle"
)

//go:embed testdata/systemd.sh
var systemdScript string

// TestSystemdReadsIt has services of a real systemd start with the files as
// their EnvironmentFile.
func TestSystemdReadsIt(t *testing.T) {
	t.Parallel()
	for _, d := range []Dialect{dotenv{}, systemd{}} {
		t.Run(d.Name(), func(t *testing.T) {
			t.Parallel()
			agree(t, d, environmentFile)
		})
	}
}

// TestSystemdGeneratorReadsIt asks the program that reads environment.d, whose
// parser is that of EnvironmentFile; unlike a manager it needs no privilege.
func TestSystemdGeneratorReadsIt(t *testing.T) {
	t.Parallel()
	agree(t, dotenv{}, environmentD)
}

// environmentFile starts one systemd manager, in namespaces of its own that end
// with it, and in it one service per file.
func environmentFile(t *testing.T, paths []string) []map[string]string {
	t.Helper()
	unshare, systemd := oracle.Need(t, "unshare"), oracle.Need(t, "systemd")
	for _, tool := range []string{"systemd-run", "systemctl", "dbus-daemon"} {
		oracle.Need(t, tool)
	}
	isolated := func(command ...string) []string {
		return append([]string{"--fork", "--pid", "--mount", "--mount-proc", "--propagation", "private", "--kill-child"}, command...)
	}
	if exec.Command(unshare, isolated("true")...).Run() != nil {
		t.Skip("SKIPPED: no privilege to make namespaces for a systemd manager; its generator is asked all the same")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	results := t.TempDir()
	args := isolated("sh", "-euc", systemdScript, "sh", systemd, results)
	cmd := exec.CommandContext(ctx, unshare, append(args, paths...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("systemd: %v\n%s", err, out)
	}
	var found []map[string]string
	for i := range paths {
		data, err := os.ReadFile(filepath.Join(results, strconv.Itoa(i+1)))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, nulSeparated(string(data)))
	}
	return found
}

// environmentD runs the generator once per file.
func environmentD(t *testing.T, paths []string) []map[string]string {
	t.Helper()
	const generator = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
	if _, err := os.Stat(generator); err != nil {
		oracle.Missing(t, generator)
	}
	var found []map[string]string
	for _, path := range paths {
		home := t.TempDir()
		conf := filepath.Join(home, "environment.d", "host.conf")
		if err := os.Mkdir(filepath.Dir(conf), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, conf); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(generator)
		cmd.Env = []string{"XDG_CONFIG_HOME=" + home, "HOME=" + home}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, nulSeparated(strings.ReplaceAll(strings.TrimSpace(string(out)), "\n", "\x00")))
	}
	return found
}
