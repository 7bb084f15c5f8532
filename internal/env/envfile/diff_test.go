package envfile

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What changes is told without a secret; what stays is not told.
func TestDiff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.env")
	old := "A=b\n" + ClusterSeed + "=" + docsSeed + "\n" + ClusterIssuers + "=" + docsKey + "\nGONE=x\n"
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	next := "A=b\n" + ClusterSeed + "=" + testsSeed + "\n" + ClusterIssuers + "=" + docsKey + "," + testsKey + "\nNEW=y\n"
	got, err := Diff(path, []byte(next))
	want := []Change{
		{ClusterSeed, "[seed of " + docsKey + "]", "[seed of " + testsKey + "]"},
		{ClusterIssuers, docsKey, docsKey + "," + testsKey},
		{"NEW", "", "y"},
		{"GONE", "x", ""},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := Diff(path+".new", []byte(next)); err != nil || len(got) != 4 || got[0].Old != "" {
		t.Errorf("of a new file: %+v, %v", got, err)
	}
	if got, err := Diff(filepath.Join(filepath.Dir(path), "a.fish"), []byte("set -gx A b\n")); err != nil || got != nil {
		t.Errorf("of a kind that nobody reads: %+v, %v", got, err)
	}
}

// Damaged seeds and other secrets are not shown either.
func TestDiffHidesWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.env")
	for _, secret := range []string{docsSeed[:57], strings.ToLower(docsSeed), "x" + docsSeed, "hunter2"} {
		for _, name := range []string{ClusterSeed, "OTHER"} {
			if err := os.WriteFile(path, []byte(name+"="+secret+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Diff(path, []byte(name+"="+testsSeed+"\n"))
			hidden := name == ClusterSeed || secret != "hunter2"
			if err != nil || len(got) != 1 || strings.Contains(got[0].Old, secret) == hidden || got[0].Old == "" {
				t.Errorf("%+v, %v", got, err)
			}
		}
	}
}
