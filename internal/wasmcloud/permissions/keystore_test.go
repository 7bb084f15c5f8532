package permissions

import (
	"os"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// The page about teams lists what the table says, role by role.
func TestTeamsListsThePermissions(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/teams.md")
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]bool{}
	for _, role := range KeystoreRoles() {
		_, row, found := strings.Cut(string(page), "\n| `"+role.String()+"` | ")
		row, _, _ = strings.Cut(row, "\n")
		if !found {
			t.Fatalf("there is no row of %s", role)
		}
		set, err := role.In("BUCKET")
		if err != nil {
			t.Fatal(err)
		}
		var more []string
		if role.alone {
			clear(before)
		}
		for _, subject := range set.Subjects(wasmcloud.Publish) {
			if !before[subject] {
				more = append(more, "`"+subject+"`")
			}
			before[subject] = true
		}
		if want := strings.Join(more, ", ") + " |"; !strings.HasSuffix(row, want) {
			t.Errorf("%s:\n%s\nshould end in\n%s", role, row, want)
		}
	}
}

// The name of a bucket is one token, so that it never takes in another bucket.
func TestBucketsOfPermissions(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "*", ">", "a.b", "a b", "team.>"} {
		if set, err := KeystoreRoles()[0].In(bad); err == nil {
			t.Errorf("%q: %v", bad, set)
		}
	}
}
