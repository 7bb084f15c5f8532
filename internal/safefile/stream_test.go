package safefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestStream(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	stream, err := Stream(path)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if text, err := io.ReadAll(stream); err != nil || string(text) != "text" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Stream(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Stream(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
