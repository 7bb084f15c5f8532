package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"
)

// What is ours is for us alone from the start; what everybody can read is refused.
func TestAccessListsNameTheOwnerAlone(t *testing.T) {
	dir, err := os.MkdirTemp("", "latch-test-") //nolint:usetesting // wine 8 cannot remove files the way Go does
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	own := filepath.Join(dir, "own")
	if err := MakeDir(own); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(own, "f")
	if err := Create(path, []byte("x"), Private); err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{own, path} {
		if err := judgeList(made, reading|writing); err != nil {
			t.Error(err)
		}
	}
	if data, err := Read(path, Private, 10); err != nil || string(data) != "x" {
		t.Error(data, err)
	}
	loose := filepath.Join(dir, "loose")
	if err := os.WriteFile(loose, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	everybody(t, loose)
	var refusal *Refusal
	if _, err := Read(loose, Private, 10); !errors.As(err, &refusal) || refusal.Hint() == "" {
		t.Errorf("error is %v", err)
	}
}

// everybody lets everybody read a file.
func everybody(t *testing.T, path string) {
	t.Helper()
	descriptor, err := windows.SecurityDescriptorFromString("D:P(A;;FR;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil); err != nil {
		t.Fatal(err)
	}
}
