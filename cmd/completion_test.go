package cmd_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/process"
)

// manyKeys is a keystore whose files hold nothing that could be read as a key.
func manyKeys(tb testing.TB, count int) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "keys")
	if err := os.Mkdir(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	for i := range count {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("key-%05d.nk", i)), nil, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func complete(tb testing.TB, words ...string) string {
	tb.Helper()
	var out, told bytes.Buffer
	sys := process.System{
		Args:   append([]string{"latch", "__completeNoDesc"}, words...),
		Stdout: &out, Stderr: &told, Stdin: strings.NewReader(""), Now: time.Now,
		Environ: []string{"HOME=" + tb.TempDir()},
	}
	if code := cmd.Main(context.Background(), sys); code != 0 {
		tb.Fatalf("exit code %d: %s", code, told.String())
	}
	return out.String()
}

// Of many keys only the names are looked at: what is in the files does not matter.
func TestCompletionOfManyReadsNoKey(t *testing.T) {
	t.Parallel()
	dir := manyKeys(t, 300)
	if got := complete(t, "keys", "get", "--keystore", "dir:"+dir, "key-0000"); strings.Count(got, "key-0000") != 10 {
		t.Errorf("want ten keys, got\n%s", got)
	}
}

func BenchmarkCompletionOf10000Keys(b *testing.B) {
	dir := manyKeys(b, 10_000)
	for b.Loop() {
		if got := complete(b, "keys", "get", "--keystore", "dir:"+dir, "key-0123"); strings.Count(got, "key-0123") != 10 {
			b.Fatal(got)
		}
	}
}
