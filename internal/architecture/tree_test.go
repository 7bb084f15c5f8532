package architecture

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
		for _, key := range seedsIn([]byte(path)) {
			t.Errorf("a path holds the seed of %s", key)
		}
		for _, key := range seedsIn(text) {
			found++
			if known, ok := wasmcloud.Published(key); !(ok && known.WithSeed) && published()[key.String()] == "" {
				t.Errorf("%s holds the seed of %s", path, key)
			}
		}
	}
	if found == 0 {
		t.Error("not even the published seeds of the tests were found: this test would guard nothing")
	}
}

// seedsIn finds the seeds in a text, wherever they stand, whatever touches them.
func seedsIn(text []byte) (found []keys.PublicKey) {
	const length = 58
	for _, run := range regexp.MustCompile(`S[A-Z2-7]{57,}`).FindAll(text, -1) {
		for i := 0; i+length <= len(run); i++ {
			if run[i] != 'S' {
				continue
			}
			for _, kind := range keys.Kinds() {
				if seed, err := keys.ParseSeed(bytes.Clone(run[i:i+length]), kind); err == nil {
					found = append(found, seed.PublicKey())
					break
				}
			}
		}
	}
	return found
}

// The finder finds what stands at the end of a longer run too.
func TestSeedsAreFound(t *testing.T) {
	t.Parallel()
	seed, err := keys.Generate(keys.Server, bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	text := string(seed.Reveal())
	for _, hidden := range []string{text, "KEY=" + text + "\n", "SSSA" + text + "A", "dir/" + text + ".env"} {
		if len(seedsIn([]byte(hidden))) != 1 {
			t.Error("a seed was overlooked")
		}
	}
	if len(seedsIn([]byte(text[:57]))) != 0 {
		t.Error("half a seed was taken for one")
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
