//go:build unix

package command_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func opened(t *testing.T, line string, names ...string) keystore.Store {
	t.Helper()
	return keystoretest.Open(t, "exec:"+line, keystore.Deps{
		Environ: append(os.Environ(), "LATCH_SEED_X=secret", "SHOWN=yes"), Names: func() []string { return names },
	})
}

func TestContractExec(t *testing.T) {
	t.Parallel()
	keystoretest.RunReadOnly(t, func(t *testing.T, seeds map[string]keys.Seed) keystore.Store {
		dir := keystoretest.Folder(t)
		names := []string{"never-stored"}
		for name, seed := range seeds {
			keystoretest.Write(t, filepath.Join(dir, name), string(seed.Reveal())+"\n")
			names = append(names, name)
		}
		shows := script(t, "test ! -e \""+dir+"/$1\" || cat \""+dir+"/$1\"")
		return opened(t, shows, names...)
	})
}

// script is a program of one's own. No process is begun while it is written: one that
// inherited the file, open for writing, would keep it from being run.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "show")
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	keystoretest.Must(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return path
}

func TestCommandsThatGiveNoSeed(t *testing.T) {
	t.Parallel()
	seed := string(keystoretest.NewSeed(t, keys.Cluster).Reveal())
	for name, c := range map[string]struct {
		line string
		kind fault.Kind
		says string
	}{
		"fails":           {script(t, "echo no such item >&2; exit 1"), fault.Unavailable, "gave no seed for web: no such item"},
		"fails in secret": {script(t, "echo "+seed+" >&2; exit 1"), fault.Unavailable, "gave no seed for web"},
		"says nothing":    {script(t, "exit 3"), fault.Unavailable, "exit status 3"},
		"prints nothing":  {script(t, "exit 0"), fault.NotFound, `no key named "web"`},
		"prints rubbish":  {script(t, "echo "+seed[:40]), fault.Failed, "does not hold a valid seed"},
		"prints too much": {script(t, "yes "+seed+" | head -c 100000"), fault.Failed, "longer than any seed"},
		"is not there":    {"/nowhere/at-all", fault.Unavailable, "gave no seed for web"},
		"is not in PATH":  {"latch-test-no-such-program", fault.Unavailable, "not found"},
	} {
		_, err := opened(t, c.line).Get(t.Context(), "web")
		if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), seed[2:20]) {
			t.Errorf("%s: %v is %v", name, err, fault.KindOf(err))
		}
	}
	for _, line := range []string{"/nowhere/at-all", "latch-test-no-such-program"} {
		_, err := opened(t, line, "web-1", "web-2", "web-3").List(t.Context())
		if !fault.Is(err, fault.Unavailable) || strings.Count(err.Error(), "gave no seed") != 1 {
			t.Errorf("%s is missed more than once: %v", line, err)
		}
	}
	failing := opened(t, script(t, "exit 1"), "web")
	if entries, err := failing.List(t.Context()); err == nil || len(entries) > 0 {
		t.Errorf("a program that fails looks like an empty store: %v", entries)
	}
}

// The name goes where the braces stand, no shell reads it, and the program gets none of
// what is meant for latch.
func TestHowACommandIsRun(t *testing.T) {
	t.Parallel()
	seed := keystoretest.NewSeed(t, keys.Cluster)
	file := filepath.Join(t.TempDir(), "seed")
	keystoretest.Write(t, file, string(seed.Reveal()))
	check := script(t, `test "$1" = "at/web;id/end" -a "$2" = last -a -z "$LATCH_SEED_X" -a "$SHOWN" = yes && cat `+file)
	got, err := opened(t, check+" at/{};id/end last").Get(t.Context(), "web")
	if err != nil || got.PublicKey() != seed.PublicKey() {
		t.Fatal(got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := opened(t, script(t, "sleep 20")).Get(ctx, "web"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}
