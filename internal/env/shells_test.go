package env

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// eachFile makes a program of a reader of one file.
func eachFile(read func(t *testing.T, path string) map[string]string) program {
	return func(t *testing.T, paths []string) []map[string]string {
		var found []map[string]string
		for _, path := range paths {
			found = append(found, read(t, path))
		}
		return found
	}
}

// ran is what a program that prints its environment by env -0 was given, nil where
// it failed.
func ran(t *testing.T, environ []string, program string, args ...string) map[string]string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}, environ...)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if err != nil {
		t.Logf("%s %q: %v", program, args, err)
		return nil
	}
	return nulSeparated(string(out))
}

// sourcedBy is a POSIX shell that sources a file. Where exports is false the file
// exports nothing itself.
func sourcedBy(shell string, exports bool) program {
	return func(t *testing.T, paths []string) []map[string]string {
		path, script := oracle.Need(t, shell), `. "$1"; exec env -0`
		if !exports {
			script = "set -a; " + script
		}
		args := []string{"-euc", script, shell}
		if shell == "busybox" {
			args = slices.Insert(args, 0, "sh")
		}
		return eachFile(func(t *testing.T, file string) map[string]string {
			return ran(t, nil, path, append(slices.Clone(args), file)...)
		})(t, paths)
	}
}

func sourcedByFish(t *testing.T, paths []string) []map[string]string {
	path := oracle.Need(t, "fish")
	return eachFile(func(t *testing.T, file string) map[string]string {
		found := ran(t, []string{"HOME=" + t.TempDir()}, path, "--no-config", "-c", "source $argv[1]; exec env -0", file)
		delete(found, "HOME")
		return found
	})(t, paths)
}

// asEnvrc has direnv read the dialect sh as an .envrc, which bash runs.
func asEnvrc(t *testing.T, paths []string) []map[string]string {
	return eachFile(func(t *testing.T, file string) map[string]string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return byDirenv(t, text)
	})(t, paths)
}

// asDotenvOfDirenv has direnv read the dialect dotenv by its own parser.
func asDotenvOfDirenv(t *testing.T, paths []string) []map[string]string {
	return eachFile(func(t *testing.T, file string) map[string]string {
		return byDirenv(t, []byte("dotenv '"+file+"'\n"))
	})(t, paths)
}

// byDirenv gives what direnv makes of an .envrc.
func byDirenv(t *testing.T, envrc []byte) map[string]string {
	t.Helper()
	path := oracle.Need(t, "direnv")
	dir, home := t.TempDir(), t.TempDir()
	name := filepath.Join(dir, ".envrc")
	if err := os.WriteFile(name, envrc, 0o600); err != nil {
		t.Fatal(err)
	}
	own := []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_CACHE_HOME=" + home, "DIRENV_LOG_FORMAT="}
	ran(t, own, path, "allow", name)
	found := ran(t, own, path, "exec", dir, "env", "-0")
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DIRENV_DIR", "DIRENV_FILE", "DIRENV_DIFF", "DIRENV_WATCHES"} {
		delete(found, name)
	}
	return found
}

// TestShellsRefuseTheMask: a masked file that is sourced sets no seed.
func TestShellsRefuseTheMask(t *testing.T) {
	t.Parallel()
	masked, err := dialect("dotenv").Render(web1(t, "otp"), Masked)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "masked.env")
	if err := os.WriteFile(path, masked, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"bash", "dash"} {
		found := ran(t, nil, oracle.Need(t, shell), "-c", `set -a; . "$1" 2>&-; exec env -0`, shell, path)
		if seed, set := found["WASMCLOUD_CLUSTER_SEED"]; set || found == nil {
			t.Errorf("%s took the mask for a value, %q", shell, seed)
		}
	}
}
