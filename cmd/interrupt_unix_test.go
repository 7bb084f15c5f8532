//go:build unix

package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/safefile"
)

// Whatever latch waits for, Ctrl-C ends the wait. No clock says so: each test
// interrupts as soon as latch is there, and one that is not heard never ends.

// A pipe in the place of each file that is read, open and silent: latch refuses
// it, or waits and can be interrupted.
func TestInterruptEndsEverySilentPipe(t *testing.T) {
	t.Parallel()
	waits := 0
	for _, r := range append(reads(),
		read{file: "import", args: "keys import @/import --name x --keystore dir:@/keys"},
		read{file: "identity", args: "keys get a --seed --keystore age:@/team --identity-file @/identity"},
		read{file: "call", args: "invocation verify @/call"},
		read{file: "lattice.yaml", args: "lattice check"},
		read{file: "lattice.yaml", args: "hosts add web-2"},
	) {
		s := newPlanted(t)
		pipe := filepath.Join(s.dir, filepath.FromSlash(r.file))
		check(t, os.RemoveAll(pipe))
		check(t, os.MkdirAll(filepath.Dir(pipe), 0o700))
		check(t, syscall.Mkfifo(pipe, 0o600))
		ctx, interrupt := context.WithCancel(t.Context())
		done, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			end, err := os.OpenFile(pipe, os.O_WRONLY, 0) // until latch opens it, or the test does
			interrupt()
			if err == nil {
				<-done
				_ = end.Close()
			}
		}()
		code, out := s.runUntil(ctx, t, r.args)
		if ctx.Err() != nil {
			waits++
			if code != 130 {
				t.Errorf("%s: interrupted at %s, exit code %d\n%s", r.args, r.file, code, out)
			}
		} else if code == 0 && !r.absent {
			t.Errorf("%s: a pipe was taken for %s\n%s", r.args, r.file, out)
		}
		close(done)
		if end, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0); err == nil {
			<-ended
			_ = end.Close()
		}
	}
	oracle.Figure(t, "%d of the pipes were waited for", waits)
	if waits == 0 {
		t.Error("no pipe was waited for: not even keys validate --file reads one")
	}
}

// Stdin that says nothing.
func TestInterruptEndsEveryWaitForStdin(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"keys validate -", "keys import - --name x --keystore dir:@/keys", "env check -", "invocation verify -", "invocation inspect -",
		"keystore check age:@/locked --passphrase-fd 0", "keys delete prod-cluster --force --keystore dir:@/keys",
		"issuers rotate emergency --compromised prod-cluster --keystore dir:@/keys",
	} {
		s := newPlanted(t)
		ctx, interrupt := context.WithCancel(t.Context())
		p := s.process(t, args)
		p.Stdin = waiting{interrupt}
		p.Terminal.Stdin, p.Terminal.Stderr = !strings.Contains(args, "-"), true
		if strings.HasPrefix(args, "keys delete") || strings.HasPrefix(args, "issuers") {
			p.Terminal.Stdin = true // they ask only there
		}
		code := cmd.Main(ctx, p.System)
		if ctx.Err() == nil || code != 130 {
			t.Errorf("%s: exit code %d, asked %t\n%s%s", args, code, ctx.Err() != nil, &p.stdout, &p.stderr)
		}
		interrupt()
	}
}

// after is a writer that interrupts at the first byte.
type after struct {
	interrupt context.CancelFunc
	bytes.Buffer
}

func (a *after) Write(p []byte) (int, error) {
	a.interrupt()
	return a.Buffer.Write(p)
}

// during is randomness that interrupts whoever asks for it.
type during struct{ interrupt context.CancelFunc }

func (d during) Read(p []byte) (int, error) {
	d.interrupt()
	return rand.Read(p)
}

// endless is a text that never ends.
type endless struct{ line string }

func (e endless) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(e.line, 1+len(p)/len(e.line))), nil
}

// Work that would take for ever.
func TestInterruptEndsWork(t *testing.T) {
	t.Parallel()
	const many = "keys gen cluster --count 10000000"
	for _, args := range []string{many, many + " --quiet", "keys gen cluster --vanity AAAAAAAAAAAA", "keys validate -"} {
		ctx, interrupt := context.WithCancel(t.Context())
		s := newPlanted(t)
		p := s.process(t, args)
		p.Random = during{interrupt}
		p.Stdin = endless{"CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD\n"}
		p.Stdout = &after{interrupt: interrupt}
		if code := cmd.Main(ctx, p.System); code != 130 {
			t.Errorf("%s: exit code %d\n%s", args, code, &p.stderr)
		}
		interrupt()
	}
}

// A lock that somebody else holds: the wait ends by Ctrl-C, or the error would be
// that of the lock. However late the interrupt comes, it comes while latch waits.
func TestInterruptEndsTheWaitForALock(t *testing.T) {
	t.Parallel()
	for file, args := range map[string]string{
		"lattice.yaml":   "hosts add web-2 --keystore dir:@/keys",
		"env/.latch-set": "env write --dir @/env --keystore dir:@/keys",
	} {
		s := newPlanted(t)
		release, err := safefile.Lock(t.Context(), filepath.Join(s.dir, filepath.FromSlash(file)))
		check(t, err)
		ctx, interrupt := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, interrupt)
		if code, out := s.runUntil(ctx, t, args); code != 130 {
			t.Errorf("%s: exit code %d\n%s", args, code, out)
		}
		interrupt()
		release()
	}
}

// TestInterruptedAtAnyMoment: a command ends, whenever the interrupt comes, as it does
// without one or with the exit code of an interrupt, and what it has left is in order.
func TestInterruptedAtAnyMoment(t *testing.T) {
	t.Parallel()
	const moments = 6
	interrupted := 0
	for _, r := range append(reads(),
		read{args: "lattice check"},
		read{args: "hosts add web-9 --keystore dir:@/keys"},
		read{args: "hosts remove web-1"},
		read{args: "issuers rotate start --keystore dir:@/keys"},
		read{args: "keys rename prod-cluster other --keystore dir:@/keys"},
		read{args: "keystore backup @/new.age --keystore dir:@/keys --recipients-file @/recipients"},
		read{args: "keystore copy dir:@/keys age:@/team --identity-file @/identity"},
		read{args: "env write --prune --dir @/env --keystore dir:@/keys"},
		read{args: "scan @/env @/keys"},
	) {
		begun := time.Now()
		whole, told := newPlanted(t).runUntil(t.Context(), t, r.args)
		takes := time.Since(begun)
		for n := range moments {
			s := newPlanted(t)
			ctx, interrupt := context.WithCancel(t.Context())
			timer := time.AfterFunc(takes*time.Duration(n)/moments, interrupt)
			code, out := s.runUntil(ctx, t, r.args)
			switch {
			case code == 130:
				interrupted++
			case code != whole:
				t.Errorf("%s: exit code %d after %d of %d, %d without an interrupt\n%s\n%s", r.args, code, n, moments, whole, out, told)
			}
			timer.Stop()
			interrupt()
			for _, after := range []string{"keys list --keystore dir:@/keys", "lattice show", "keystore check age:@/team --identity-file @/identity"} {
				if code, out := s.runUntil(t.Context(), t, after); code != 0 {
					t.Errorf("%s, interrupted after %d of %d: then %s ends with %d\n%s", r.args, n, moments, after, code, out)
				}
			}
		}
	}
	oracle.Figure(t, "%d commands were interrupted", interrupted)
	if interrupted == 0 {
		t.Error("nothing was interrupted")
	}
}
