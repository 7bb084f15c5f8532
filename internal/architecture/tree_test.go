package architecture

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// published are the keys whose seed tests may hold, beside the cluster keys whose
// seed wasmCloud published.
func published() map[string]string {
	return map[string]string{
		"NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU": "a host key of wasmCloud's own tests",
		"CDVEU3DD4KOFECV66VIHWEZOYX4ZKR3WV27L464SIIPOU2IUI3JCYEYG": "thirty-two times the byte 7",
		"UD6ROJBYLKQMOW3E7N4M2YBPUHMZD7PL65VRHRMO24BOVSBV5H3BRDGR": "thirty-two times the byte 9",
	}
}

// tracked gives the paths that git has, or skips the test outside of a checkout.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", top, "ls-files", "-z").Output()
	if err != nil {
		if _, gone := os.Stat(filepath.Join(top, ".git")); gone == nil {
			t.Fatalf("git ls-files: %v", err)
		}
		t.Skip("SKIPPED: this is no git checkout")
	}
	paths := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(paths) < 100 {
		t.Fatalf("only %d files are tracked", len(paths))
	}
	return paths
}

// No file and no path holds a seed that could be somebody's.
func TestNoSeedInTheTree(t *testing.T) {
	t.Parallel()
	found := 0
	for _, path := range tracked(t) {
		text, err := os.ReadFile(filepath.Join(top, path))
		if os.IsNotExist(err) { // removed, not yet committed
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		for _, seed := range keys.SeedsIn([]byte(path)) {
			t.Errorf("a path holds the seed of %s", seed.PublicKey())
		}
		for _, seed := range keys.SeedsIn(text) {
			found++
			key := seed.PublicKey()
			if known, ok := wasmcloud.Published(key); !(ok && known.WithSeed) && published()[key.String()] == "" {
				t.Errorf("%s holds the seed of %s", path, key)
			}
		}
	}
	if found == 0 {
		t.Error("not even the published seeds of the tests were found: this test would guard nothing")
	}
}

// Two paths that differ in case only are one file on macOS and Windows.
func TestPathsDifferInMoreThanCase(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, path := range tracked(t) {
		folded := strings.ToLower(path)
		if other, taken := seen[folded]; taken {
			t.Errorf("%s and %s differ in case only", path, other)
		}
		seen[folded] = path
	}
}
