package packaging

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// jail is a folder that stands for the whole file system of a machine on which
// there is nothing but a package: no shell, no /etc, no /proc.
type jail struct {
	root string
	user uint32
	work string // the folder inside it to work in
	env  []string
}

// needRoot skips where the test may not make a folder somebody's whole world.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: needs root, to enter the folder that it installs into")
	}
}

// enter makes the folder to work in, which belongs to the user.
func (j jail) enter(t *testing.T) {
	t.Helper()
	work := filepath.Join(j.root, j.work)
	if err := os.Mkdir(work, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(work, int(j.user), int(j.user)); err != nil {
		t.Fatal(err)
	}
}

// leave removes the folder: what is left over then is latch's own doing.
func (j jail) leave(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(j.root, j.work)); err != nil {
		t.Fatal(err)
	}
}

// latch runs the installed program and gives what it prints on stdout.
func (j jail) latch(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.Command("/usr/bin/latch", args...)
	command.Dir, command.Env = j.work, append([]string{"NOTHING="}, j.env...)
	command.SysProcAttr = &syscall.SysProcAttr{Chroot: j.root, Credential: &syscall.Credential{Uid: j.user, Gid: j.user}}
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("latch %s: %v\n%s%s", strings.Join(args, " "), err, keys.Mask(string(out)), keys.Mask(said.String()))
	}
	if keys.MayHoldSeed(string(out)) || keys.MayHoldSeed(said.String()) {
		t.Fatalf("latch %s prints a seed", strings.Join(args, " "))
	}
	return string(out)
}

// mainJob makes a lattice and replaces its key, in three deploys.
func (j jail) mainJob(t *testing.T) {
	t.Helper()
	j.latch(t, "lattice", "init", "--prefix", "demo", "--host", "web-1", "--host", "web-2", "--keystore", "dir:keys")
	j.latch(t, "lattice", "check")
	j.latch(t, "env", "write")
	j.latch(t, "doctor")
	j.latch(t, "issuers", "rotate", "start")
	for _, generation := range []string{"2", "3", "4"} {
		j.latch(t, "env", "write")
		j.latch(t, "env", "check", "env")
		j.latch(t, "issuers", "rotate", "next", "--attest", "all@"+generation)
	}
	var now struct {
		Issuers []struct{ Name string }
	}
	text := j.latch(t, "issuers", "list", "-o", "json")
	if err := json.Unmarshal([]byte(text), &now); err != nil || len(now.Issuers) != 1 || now.Issuers[0].Name != "demo-cluster.2" {
		t.Errorf("after the rotation there are %s (%v)", text, err)
	}
	env, err := os.ReadFile(filepath.Join(j.root, j.work, "env/web-1.env"))
	if err != nil || len(keys.SeedsIn(env)) != 1 {
		t.Errorf("web-1 has no seed (%v)", err)
	}
}
