package keyring_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
)

// inSession marks the child process that runs on a bus of its own.
const inSession = "LATCH_TEST_IN_SESSION"

func TestContractSecretService(t *testing.T) {
	t.Parallel()
	if os.Getenv(inSession) == "" {
		rerun(t, secretservicetest.Start(t, secretservicetest.Unlocked))
		return
	}
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		deps := keystore.Deps{Environ: os.Environ(), IndexDir: emptyIndex(t)}
		return func() keystore.Store { return keystoretest.Open(t, "keyring:", deps) }
	})
}

// rerun runs this very test in a child process on the bus.
func rerun(t *testing.T, session *secretservicetest.Session) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=4m")
	child.Env = append(append(os.Environ(), session.Environ...), inSession+"=1")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "PASS: "+t.Name()) {
		t.Fatalf("the child ran no test:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "cases ran") {
			t.Log(strings.TrimSpace(line))
		}
	}
}
