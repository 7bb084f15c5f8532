//go:build unix

package cmd_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// TestNoDumpHoldsASeed ends latch by signals that make Go programs print their
// stacks and registers, while it works on one seed and nothing else: without an
// end it judges it, and it never gets the last of it written.
func TestNoDumpHoldsASeed(t *testing.T) {
	t.Parallel()
	latch := built(t)
	seed := freshSeed(t)
	damaged := bytes.Clone(seed)
	damaged[20] = 'C' - damaged[20]&1 // an even letter becomes C, an odd one B
	for name, c := range map[string]struct {
		stdin []byte
		args  []string
	}{
		"sound seeds":   {seed, []string{"keys", "validate", "-", "--for", "otp", "-o", "json"}},
		"damaged seeds": {damaged, []string{"keys", "validate", "-", "--kind", "cluster"}},
	} {
		for i, sig := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGQUIT, syscall.SIGQUIT} {
			said, code := signalled(t, sig, c.stdin, latch, c.args...)
			if code != 130 || strings.Contains(said, "goroutine ") {
				t.Errorf("%s, %v: exit code %d, %.200s", name, sig, code, said)
			}
			if at := tracedIn(said, seed); at != "" {
				t.Errorf("%s, %v: dump %d holds %s of the seed", name, sig, i, at)
			}
		}
	}
}

func freshSeed(t *testing.T) []byte {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed.Reveal()
}

// signalled runs latch on one line again and again, and signals it once it has
// answered; said is what it had to say of that.
func signalled(t *testing.T, sig syscall.Signal, line []byte, latch string, args ...string) (said string, code int) {
	t.Helper()
	process := exec.Command(latch, args...)
	process.Env = []string{"GOTRACEBACK=all", "HOME=" + t.TempDir()}
	process.Stdin = endless{string(line) + "\n"}
	var stderr bytes.Buffer
	process.Stderr = &stderr
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	process.WaitDelay = 30 * time.Second
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, stdout, 1<<16); err != nil {
		t.Fatal(err)
	}
	if err := process.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, stdout) }()
	err = process.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("it ended with %v", err)
	}
	return stderr.String(), exit.ExitCode()
}

// tracedIn finds characters of a seed, or bytes of it as a dump shows words.
func tracedIn(said string, seed []byte) string {
	raw := make([]byte, 36)
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).Decode(raw, seed); err != nil {
		return "nothing: " + err.Error()
	}
	for at := 4; at+8 <= len(seed); at++ {
		if strings.Contains(said, string(seed[at:at+8])) || strings.Contains(said, words(seed[at:])) {
			return fmt.Sprintf("characters %d to %d", at+1, at+8)
		}
	}
	for at := 2; at+8 <= 34; at++ {
		if strings.Contains(said, words(raw[at:])) {
			return fmt.Sprintf("bytes %d to %d", at, at+7)
		}
	}
	return ""
}

func words(memory []byte) string { return fmt.Sprintf("%#x", binary.LittleEndian.Uint64(memory)) }
