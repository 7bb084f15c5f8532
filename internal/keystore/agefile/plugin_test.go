//go:build unix

package agefile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age/plugin"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/agefile/agetest"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// TestMain lets this binary be the plugin too.
func TestMain(m *testing.M) {
	if agetest.IsPlugin() {
		os.Exit(agetest.Main())
	}
	os.Exit(withPlugin(m))
}

// withPlugin runs the tests with the plugin in PATH.
func withPlugin(m *testing.M) int {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "latch-plugin-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Symlink(self, filepath.Join(dir, agetest.Program)); err != nil {
		panic(err)
	}
	if err := os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
		panic(err)
	}
	return m.Run()
}

// token is somebody whose identity a plugin holds, and what is sealed for them.
func token(t *testing.T, mode agetest.Mode) (unlock agefile.Unlock, sealed []byte) {
	t.Helper()
	line, recipient, err := agetest.New(mode)
	keystoretest.Must(t, err)
	path := filepath.Join(t.TempDir(), "id")
	keystoretest.Write(t, path, "# a token\n"+line+"\n")
	r, err := agefile.ParseRecipient(recipient)
	if err != nil || r.Kind() != "age" {
		t.Fatal(r.Kind(), err)
	}
	sealed, err = agefile.Seal([]byte("secret"), r)
	if err != nil {
		t.Fatal(err)
	}
	return agefile.Unlock{IdentityFiles: []string{path}, Named: true}, sealed
}

func answers(text string) func(context.Context, string, bool) (string, error) {
	return func(context.Context, string, bool) (string, error) { return text, nil }
}

func TestPluginsOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode   agetest.Mode
		answer string
		kind   fault.Kind // of the error; Failed for none
		says   string
	}{
		"at once":           {agetest.Opens, "", fault.Failed, ""},
		"with a PIN":        {agetest.AsksPIN, agetest.PIN, fault.Failed, ""},
		"with a wrong PIN":  {agetest.AsksPIN, "0000", fault.Locked, "wrong PIN"},
		"nobody to ask":     {agetest.AsksPIN, "", fault.Locked, "wrong PIN"},
		"confirmed":         {agetest.Confirms, "yes", fault.Failed, ""},
		"declined":          {agetest.Confirms, "no", fault.Locked, "declined"},
		"it fails":          {agetest.Fails, "", fault.Locked, "the token is gone"},
		"it never finishes": {agetest.Hangs, "", fault.Unavailable, "did not finish within"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unlock, sealed := token(t, c.mode)
			if c.answer != "" {
				unlock.Talk.Ask = answers(c.answer)
			}
			var said []string
			unlock.Talk.Say = func(message string) { said = append(said, message) }
			if c.mode == agetest.Hangs {
				unlock.Talk.Limit = 100 * time.Millisecond
			}
			got, err := unlock.Unlocker("store").Open(t.Context(), "a.age", sealed)
			switch {
			case c.says == "" && (err != nil || string(got) != "secret"):
				t.Fatalf("%q, %v", got, err)
			case c.says != "" && (!fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || fault.HintOf(err) == ""):
				t.Fatalf("%v, hint %q", err, fault.HintOf(err))
			}
			if c.mode == agetest.Confirms && (len(said) != 1 || !strings.Contains(said[0], "look at the token")) {
				t.Errorf("said %q", said)
			}
		})
	}
}

// A list asks for no touch, and an interrupt ends the wait for one.
func TestPluginsAreLeftAlone(t *testing.T) {
	t.Parallel()
	unlock, sealed := token(t, agetest.Hangs)
	if _, err := unlock.Unlocker("store").OpenUnasked(t.Context(), "a.age", sealed); !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), "plugin "+agetest.Name) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := unlock.Unlocker("store").Open(ctx, "a.age", sealed); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// A plugin that is not installed is named, for a recipient and for an identity.
func TestMissingPlugins(t *testing.T) {
	t.Parallel()
	r, err := agefile.ParseRecipient(plugin.EncodeRecipient("notthere", []byte("x")))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "id")
	keystoretest.Write(t, path, plugin.EncodeIdentity("notthere", []byte("x"))+"\n")
	_, sealed := token(t, agetest.Opens)
	_, openErr := agefile.Unlock{IdentityFiles: []string{path}, Named: true}.Unlocker("store").Open(t.Context(), "a.age", sealed)
	_, sealErr := agefile.Seal([]byte("secret"), r)
	for doing, err := range map[string]error{"open": openErr, "seal": sealErr} {
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "age-plugin-notthere is not there") || !strings.Contains(fault.HintOf(err), "PATH") {
			t.Errorf("%s: %v", doing, err)
		}
	}
	if known, err := agefile.LookAt(t.Context(), path); err != nil || !known.Sealed {
		t.Errorf("%+v, %v", known, err)
	}
}

// Plugins and other identities stand in one file, and a file of both is opened by either.
func TestPluginsBesideOthers(t *testing.T) {
	t.Parallel()
	line, recipient, err := agetest.New(agetest.Opens)
	keystoretest.Must(t, err)
	dir := t.TempDir()
	mine := keystoretest.NewIdentity(t, filepath.Join(dir, "mine"))
	text, err := os.ReadFile(filepath.Join(dir, "mine"))
	keystoretest.Must(t, err)
	keystoretest.Write(t, filepath.Join(dir, "both"), line+"\r\n"+string(text))
	r, err := agefile.ParseRecipient(recipient)
	keystoretest.Must(t, err)
	both := agefile.Unlock{IdentityFiles: []string{filepath.Join(dir, "both")}, Named: true}
	if known, err := agefile.LookAt(t.Context(), filepath.Join(dir, "both")); err != nil || !known.Sealed || !known.Opens([]agefile.Recipient{mine}) {
		t.Errorf("%+v, %v", known, err)
	}
	keystoretest.Write(t, filepath.Join(dir, "damaged"), line+"\nAGE-SECRET-KEY-1HUNTER2\n")
	damaged := agefile.Unlock{IdentityFiles: []string{filepath.Join(dir, "damaged")}, Named: true}
	if err := damaged.Unlocker("store").StaysOpen(t.Context(), []agefile.Recipient{r}); err == nil || strings.Contains(err.Error(), "HUNTER2") {
		t.Errorf("a damaged identity beside that of a plugin: %v", err)
	}
	for name, to := range map[string][]agefile.Recipient{"the plugin": {r}, "the other": {mine}, "both": {r, mine}} {
		sealed, err := agefile.Seal([]byte("secret"), to...)
		if err == nil {
			_, err = both.Unlocker("store").Open(t.Context(), "a.age", sealed)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, _, err := agefile.Openers(sealed); err != nil || n != len(to) {
			t.Errorf("%s: opens for %d, %v", name, n, err)
		}
	}
}
