package keyring_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
)

// Every state of a real bus has its own reason, in good time.
func TestKeyringStates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state  secretservicetest.State
		reason keyring.Reason
		kind   fault.Kind
	}{
		"no service": {secretservicetest.NoService, keyring.NoService, fault.Unavailable},
		"no keyring": {secretservicetest.NoKeyring, keyring.NoDefault, fault.Unavailable},
		"locked":     {secretservicetest.Locked, keyring.Locked, fault.Locked},
		"hung":       {secretservicetest.Hung, keyring.TimedOut, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := secretservicetest.Start(t, c.state)
			failsWith(t, keystore.Deps{Environ: session.Environ, IndexDir: t.TempDir()}, c.reason, c.kind)
		})
	}
}

func failsWith(t *testing.T, deps keystore.Deps, reason keyring.Reason, kind fault.Kind) {
	t.Helper()
	store := keystoretest.Open(t, "keyring:", deps)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	for doing, act := range map[string]func() error{
		"Get":    func() error { _, err := store.Get(t.Context(), "x"); return err },
		"Put":    func() error { return store.Put(t.Context(), "x", seed) },
		"Delete": func() error { return keystoretest.Delete(t, store, "x") },
	} {
		err := act()
		var failure *keyring.Error
		if !errors.As(err, &failure) || failure.Reason != reason || !fault.Is(err, kind) {
			t.Errorf("%s: %v, want reason %s", doing, err, reason)
		}
	}
	if files, _ := os.ReadDir(deps.IndexDir); len(files) > 0 {
		t.Errorf("it made %v", files)
	}
}

// What the hint of a missing service or keyring says makes one that can be used.
func TestKeyringRemediesWork(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]secretservicetest.State{
		"no service": secretservicetest.NoService,
		"no keyring": secretservicetest.NoKeyring,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := secretservicetest.Start(t, state)
			hint := fault.HintOf(keyring.Probe(t.Context(), session.Environ, ""))
			remedy, _, _ := strings.Cut(hint, ";")
			if _, command, found := strings.Cut(remedy, ": "); found {
				session.Follow(t, command)
			}
			if err := keyring.Probe(t.Context(), session.Environ, ""); err != nil {
				t.Errorf("%v, after %s", err, remedy)
			}
		})
	}
}

// Without a bus nothing is launched, and the failure comes at once.
func TestNoBus(t *testing.T) {
	if _, err := os.Stat("/run/user"); err == nil {
		t.Log("a bus of this machine's own may be found where no address is given")
	}
	path := t.TempDir()
	launched := filepath.Join(path, "launched")
	script := "#!/bin/sh\n: > " + launched + "\n"
	if err := os.WriteFile(filepath.Join(path, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	for _, address := range []string{"unix:path=" + path + "/none", "disabled:", path, "unix:path="} {
		failsWith(t, keystore.Deps{Environ: []string{"DBUS_SESSION_BUS_ADDRESS=" + address}, IndexDir: filepath.Join(path, "index")},
			keyring.NoBus, fault.Unavailable)
	}
	for _, environ := range [][]string{nil, {"DBUS_SESSION_BUS_ADDRESS="}, {"DBUS_SESSION_BUS_ADDRESS=autolaunch:"}} {
		err := keyring.Probe(t.Context(), environ, path)
		var failure *keyring.Error
		if !errors.As(err, &failure) || failure.Reason != keyring.NoBus || !strings.Contains(err.Error(), "DBUS_SESSION_BUS_ADDRESS") {
			t.Errorf("%q: %v", environ, err)
		}
	}
	if _, err := os.Stat(launched); err == nil {
		t.Error("dbus-launch was run")
	}
}

// The bus is found where the library finds it.
func TestBusAddresses(t *testing.T) {
	t.Parallel()
	session := secretservicetest.Start(t, secretservicetest.Unlocked)
	if err := keyring.Probe(t.Context(), session.Environ, ""); err != nil {
		t.Errorf("by address: %v", err)
	}
	home := strings.TrimPrefix(session.Environ[0], "HOME=")
	if err := keyring.Probe(t.Context(), nil, home); err != nil {
		t.Errorf("by socket: %v", err)
	}
	dir := t.TempDir()
	keystoretest.Write(t, filepath.Join(dir, "dbus-session"), session.Environ[3]+"\n")
	if err := keyring.Probe(t.Context(), nil, dir); err != nil {
		t.Errorf("by file: %v", err)
	}
}
