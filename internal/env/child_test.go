package env

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

func TestChild(t *testing.T) {
	t.Parallel()
	base := []string{
		"PATH=/bin", "LATCH_SEED_PROD=" + testsSeed, "WASMCLOUD_CLUSTER_SEED=" + testsSeed, "latch_keystore=env:",
		"LATCHKEY=kept", "wasmcloud_lattice=other", "EMPTY=", "=C:=C:\\x", "BARE", "A=b=c", "LATCH_", "WASMCLOUD_CLUSTER_SEED=twice",
		"WASMCLOUD_RPC_HOST=kept", "WASMCLOUD_LABEL_latch_told=before",
	}
	before := slices.Clone(base)
	e := web1(t, "rust-0.82")
	got, err := Child(base, e)
	want := []string{
		"PATH=/bin", "LATCHKEY=kept", "EMPTY=", "=C:=C:\\x", "BARE", "A=b=c", "WASMCLOUD_RPC_HOST=kept",
		"WASMCLOUD_LATTICE=prod", "WASMCLOUD_LATTICE_PREFIX=prod",
		"WASMCLOUD_CLUSTER_ISSUERS=" + testsKey + "," + docsKey, "WASMCLOUD_CLUSTER_SEED=" + docsSeed,
		"WASMCLOUD_LABEL_latch_host=web-1", "WASMCLOUD_LABEL_latch_generation=7", "WASMCLOUD_LABEL_latch_told=" + e.Told,
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Child gave\n%q, %v, want\n%q", got, err, want)
	}
	if !slices.Equal(base, before) {
		t.Errorf("Child changed its argument to %q", base)
	}
}

// TestChildInAProcess starts one: it sees the host's variables and no other.
func TestChildInAProcess(t *testing.T) {
	t.Parallel()
	e := web1(t, "otp")
	child, err := Child([]string{"LATCH_KEYSTORE=dir:k", "WASMCLOUD_CLUSTER_SEED=x"}, e)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(oracle.Need(t, "env"), "-0")
	cmd.Env = child
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	e.Assignments = append(e.Assignments, e.toldLabels()...)
	compare(t, "the process", e, nulSeparated(string(out)), nil)
}

// nulSeparated reads what env -0 prints.
func nulSeparated(text string) map[string]string {
	found := make(map[string]string)
	for entry := range strings.SplitSeq(strings.TrimSuffix(text, "\x00"), "\x00") {
		name, value, _ := strings.Cut(entry, "=")
		found[name] = value
	}
	return found
}
