//go:build unix

package safefile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/safefile"
)

// What Judge says of a file, Read says too.
func TestJudgeAgreesWithRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, folder fs.FileMode
		access       safefile.Access
		safe         bool
	}{
		"private":                         {0o600, 0o700, safefile.Private, true},
		"private, and others can read it": {0o644, 0o700, safefile.Private, false},
		"owned, and others can read it":   {0o644, 0o755, safefile.Owned, true},
		"owned, and others can write it":  {0o666, 0o755, safefile.Owned, false},
		"in a folder others can write":    {0o600, 0o777, safefile.Private, false},
		"shared in a folder for all":      {0o666, 0o777, safefile.Shared, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "folder")
			path := filepath.Join(dir, "file")
			for _, err := range []error{
				os.Mkdir(dir, 0o700), os.WriteFile(path, []byte("x"), 0o600), os.Chmod(path, c.file), os.Chmod(dir, c.folder),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			_, read := safefile.Read(path, c.access, 10)
			judged := safefile.Judge(path, c.access)
			var refusal *safefile.Refusal
			if (read == nil) != c.safe || (judged == nil) != c.safe || judged != nil && !errors.As(judged, &refusal) {
				t.Errorf("Read: %v, Judge: %v, want safe: %v", read, judged, c.safe)
			}
			if folder := safefile.Judge(dir, c.access); (folder == nil) != (c.folder&0o022 == 0 || c.access == safefile.Shared) {
				t.Errorf("the folder: %v", folder)
			}
		})
	}
	if err := safefile.Judge(filepath.Join(t.TempDir(), "none"), safefile.Private); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
