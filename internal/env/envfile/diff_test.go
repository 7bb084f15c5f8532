package envfile

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// What changes is told without a secret; what stays is not told.
func TestDiff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.env")
	old := "A=b\n" + wasmcloud.ClusterSeed + "=" + docsSeed + "\n" + wasmcloud.ClusterIssuers + "=" + docsKey + "\nWASMCLOUD_RPC_HOST=x\nGONE_TOKEN=x\n"
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	next := "A=b\n" + wasmcloud.ClusterSeed + "=" + testsSeed + "\n" + wasmcloud.ClusterIssuers + "=" + docsKey + "," + testsKey + "\nNEW=y\n" + docsSeed + "=1\n"
	got, err := Diff(path, []byte(next))
	want := []Change{
		{wasmcloud.ClusterSeed, "[seed of " + docsKey + "]", "[seed of " + testsKey + "]"},
		{wasmcloud.ClusterIssuers, docsKey, docsKey + "," + testsKey},
		{"NEW", "", "[1 bytes, not shown]"},
		{"(a seed, not shown)", "", "[1 bytes, not shown]"},
		{"WASMCLOUD_RPC_HOST", "x", ""},
		{"GONE_TOKEN", "[1 bytes, not shown]", ""},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := Diff(path+".new", []byte(next)); err != nil || len(got) != 5 || got[0].Old != "" {
		t.Errorf("of a new file: %+v, %v", got, err)
	}
	if got, err := Diff(filepath.Join(filepath.Dir(path), "a.yaml"), []byte("a: b\n")); err != nil || got != nil {
		t.Errorf("of a kind that nobody reads: %+v, %v", got, err)
	}
}

// Damaged seeds and other secrets are not shown either.
func TestDiffHidesWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.env")
	for _, secret := range []string{docsSeed[:57], strings.ToLower(docsSeed), "x" + docsSeed, "hunter2", "user:pass@host"} {
		for _, name := range []string{wasmcloud.ClusterSeed, "OTHER", "WASMCLOUD_RPC_HOST"} {
			if err := os.WriteFile(path, []byte(name+"="+secret+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Diff(path, []byte(name+"="+testsSeed+"\n"))
			hidden := name != "WASMCLOUD_RPC_HOST" || secret != "hunter2"
			if err != nil || len(got) != 1 || strings.Contains(got[0].Old, secret) == hidden || got[0].Old == "" {
				t.Errorf("%+v, %v", got, err)
			}
		}
	}
}
