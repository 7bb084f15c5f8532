package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// A program that latch becomes is given no descriptor of latch's: neither what was
// read nor what there was no need to read.
func TestEnvExecGivesItsChildNoDescriptors(t *testing.T) {
	t.Parallel()
	latch, dir := asLatch(t), t.TempDir()
	id, err := age.GenerateX25519Identity()
	check(t, err)
	identity := filepath.Join(dir, "identity")
	check(t, os.WriteFile(identity, []byte(id.String()+"\n"), 0o600))
	for _, store := range []string{"dir:keys", "age:sealed"} {
		run := func(args string) string {
			child := exec.Command(latch, strings.Fields(args)...)
			child.Dir, child.Env = dir, []string{
				"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LATCH_KEYSTORE=" + store, "LATCH_MANIFEST=" + store[:3] + ".yaml",
			}
			for range 2 { // descriptors 3 and 4
				file, err := os.Open(identity)
				check(t, err)
				defer func() { _ = file.Close() }()
				child.ExtraFiles = append(child.ExtraFiles, file)
			}
			out, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", args, err, out)
			}
			return string(out)
		}
		if store == "age:sealed" {
			run("keystore init --to " + id.Recipient().String())
		}
		run("lattice init --prefix prod --host web-1 -q")
		listed := run("env exec web-1 --identity-file /dev/fd/3 --passphrase-fd 4 -- ls -l /proc/self/fd")
		if !strings.Contains(listed, " 0 -> ") || strings.Contains(listed, identity) {
			t.Errorf("%s: the child has\n%s", store, listed)
		}
	}
}
