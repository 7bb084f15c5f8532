package env

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/oracle"
)

var (
	//go:embed testdata/systemd.sh
	systemdScript string
	//go:embed testdata/credentials.sh
	credentialsScript string
)

// TestSystemdCredentials has services of a real systemd start with the
// credentials of drop-ins.
func TestSystemdCredentials(t *testing.T) { handsCredentialsOver(t) }

// handsCredentialsOver boots a system manager with a service for each drop-in,
// and the credentials in the folder that the drop-ins say.
func handsCredentialsOver(t *testing.T) {
	systemd := oracle.Need(t, "systemd")
	envs := corpus(t, dialect("json"))
	dropins, err := write(t.Context(), filepath.Join(t.TempDir(), "units"), dialect("systemd-credentials"), envs...)
	if err != nil {
		t.Fatal(err)
	}
	credentials := filepath.Join(t.TempDir(), "credstore")
	if _, err := write(t.Context(), credentials, dialect("json"), envs...); err != nil {
		t.Fatal(err)
	}
	args := []string{"--cgroup", "sh", "-euc", credentialsScript, "sh", systemd, "RESULTS", credentials}
	for _, o := range dropins.Files {
		args = append(args, o.Path)
	}
	for i, text := range inNamespaces(t, len(dropins.Files), args...) {
		got, err := ReadCredential(text)
		compare(t, "the service", envs[i], values(got), err)
	}
}

// environmentFile starts one systemd manager and in it one service per file.
func environmentFile(t *testing.T, paths []string) []map[string]string {
	t.Helper()
	systemd := oracle.Need(t, "systemd")
	for _, tool := range []string{"systemd-run", "systemctl", "dbus-daemon"} {
		oracle.Need(t, tool)
	}
	args := append([]string{"sh", "-euc", systemdScript, "sh", systemd, "RESULTS"}, paths...)
	var found []map[string]string
	for _, text := range inNamespaces(t, len(paths), args...) {
		found = append(found, nulSeparated(string(text)))
	}
	return found
}

// inNamespaces runs a command in namespaces of its own that end with it, and
// gives what it put into the files 1, 2… of the folder that stands for RESULTS. Other
// runs of the tests wait meanwhile: managers of one cgroup are in each other's way.
func inNamespaces(t *testing.T, results int, args ...string) [][]byte {
	t.Helper()
	unshare, flock, systemd := oracle.Need(t, "unshare"), oracle.Need(t, "flock"), oracle.Need(t, "systemd")
	isolated := []string{"--fork", "--pid", "--mount", "--mount-proc", "--propagation", "private", "--kill-child"}
	if exec.Command(unshare, append(isolated, "true")...).Run() != nil {
		t.Skip("SKIPPED: no privilege to make namespaces for a systemd manager; its generator is asked all the same")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // it takes seconds, on a machine that has nothing else to do
	defer cancel()
	dir := t.TempDir()
	for i, arg := range args {
		if arg == "RESULTS" {
			args[i] = dir
		}
	}
	cmd := exec.CommandContext(ctx, flock, append(append([]string{"--close", systemd, unshare}, isolated...), args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("systemd: %v\n%s", err, out)
	}
	var found [][]byte
	for i := range results {
		data, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i+1)))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, data)
	}
	return found
}

// environmentD runs the generator once per file. It quotes what it prints as a
// shell reads it.
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
		printed := filepath.Join(home, "printed")
		if err := os.WriteFile(printed, out, 0o600); err != nil {
			t.Fatal(err)
		}
		found = append(found, sourcedBy("bash", false)(t, []string{printed})...)
	}
	return found
}
