package latticecmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// keystoreToUse is where the seeds of a new lattice go. Where that is the keyring and
// it cannot be used, a person at a terminal is offered files that age encrypts;
// everybody else is told what to type. latch never goes elsewhere unasked.
func (a verbs) keystoreToUse(c *cobra.Command) (string, error) {
	s, err := a.Settings()
	if err != nil || !keystore.IsKeyring(s.Keystore) {
		return s.Keystore, err
	}
	ctx := c.Context()
	unusable := keystore.KeyringUsable(ctx, a.Sys.Environ)
	if unusable == nil || ctx.Err() != nil {
		return s.Keystore, unusable
	}
	files := a.encryptedFiles(ctx)
	if s.Origin("keystore") != "default" || !a.CanAsk() {
		return "", fault.Hint(unusable, "%s", files.lines(c, fault.HintOf(unusable)))
	}
	a.Say("%s.", unusable)
	agreed, err := a.Agrees(ctx, files.question())
	switch {
	case err != nil:
		return "", err
	case !agreed:
		return "", fault.New(fault.Refused, "not confirmed; nothing was changed").WithHint("%s", files.lines(c, fault.HintOf(unusable)))
	}
	return files.uri, a.makeKeystore(ctx, files)
}

// encryptedFiles is an age: keystore in the current folder, and who opens it.
type encryptedFiles struct {
	uri       string
	there     bool // and need not be made
	identity  string
	shown     string // the identity, as a word of a shell
	recipient string // of an identity that is there; empty where one is to be made
	named     bool   // latch finds the identity only where it is named
}

// mostFolders bounds the search for a name that is free.
const mostFolders = 100

// encryptedFiles looks what there is already.
func (a verbs) encryptedFiles(ctx context.Context) encryptedFiles {
	files := encryptedFiles{uri: "age:keys"}
	for range mostFolders {
		if files.there = a.isSealed(ctx, files.uri); files.there {
			return files
		}
		if _, err := os.Lstat(strings.TrimPrefix(files.uri, "age:")); errors.Is(err, fs.ErrNotExist) {
			break
		}
		files.uri = "age:latch-" + strings.TrimPrefix(files.uri, "age:")
	}
	files.identity, files.named = "identity.txt", true
	if dir := a.Sys.ConfigDir(); dir != "" {
		files.identity, files.named = filepath.Join(dir, "identity.txt"), false
	}
	files.shown = a.FromHome(files.identity)
	if known, err := agefile.LookAt(ctx, files.identity); err == nil && len(known.Recipients) > 0 {
		files.recipient = known.Recipients[0]
	}
	return files
}

func (a verbs) isSealed(ctx context.Context, uri string) bool {
	store, err := a.OpenKeystore(uri, ".")
	if err != nil {
		return false
	}
	sharer, ok := store.(keystore.Sharer)
	if !ok {
		return false
	}
	_, err = sharer.Recipients(ctx)
	return err == nil
}

// question asks for what makeKeystore does.
func (f encryptedFiles) question() string {
	folder := strings.TrimPrefix(f.uri, "age:")
	switch {
	case f.there:
		return "Store the seeds in the encrypted keystore that is there, the folder " + folder + "?"
	case f.recipient != "":
		return "Store the seeds in encrypted files instead, in the folder " + folder + ", to be opened with your identity " + f.shown + "?"
	}
	return "Store the seeds in encrypted files instead, in the folder " + folder + ", to be opened with a new identity, " + f.shown + "?"
}

// lines are what to type instead; ending is the way to a keyring that works.
func (f encryptedFiles) lines(c *cobra.Command, ending string) string {
	again := app.CommandLine(c, "keystore", f.uri)
	ending, _, _ = strings.Cut(ending, "; ")
	keyring := "  To use the keyring: " + ending
	if f.there {
		return "store the seeds in the encrypted keystore that is there:\n  " + again + "\n" + keyring
	}
	lines := []string{"store the seeds in files that age encrypts; these lines do it:"}
	identity := f.shown
	if f.named {
		lines = append(lines, `  export LATCH_IDENTITY_FILE="$PWD/identity.txt"`)
		identity = `"$LATCH_IDENTITY_FILE"`
	}
	with := "--new-identity " + identity
	if f.recipient != "" {
		with = "--to " + app.Word(f.recipient)
	}
	lines = append(lines, "  latch keystore init "+f.uri+" "+with, "  "+again,
		"  With a passphrase instead of an identity, the first of them is:", "  latch keystore init "+f.uri+" --passphrase", keyring)
	return strings.Join(lines, "\n")
}

// makeKeystore makes what the person has agreed to.
func (a verbs) makeKeystore(ctx context.Context, files encryptedFiles) error {
	if files.there {
		return nil
	}
	store, err := a.OpenKeystore(files.uri, ".")
	if err != nil {
		return err
	}
	sharer, ok := store.(keystore.Sharer)
	if !ok {
		return fault.New(fault.Failed, "%s has no recipients", files.uri)
	}
	var to agefile.Recipient
	if files.recipient != "" {
		to, err = agefile.ParseRecipient(files.recipient)
	} else {
		to, err = a.NewIdentity(files.identity)
	}
	if err != nil {
		return err
	}
	if err := sharer.Init(ctx, []agefile.Recipient{to}, nil); err != nil {
		if files.recipient == "" {
			err = app.IdentityStays(err, files.identity, to)
		}
		return err
	}
	if files.recipient == "" {
		a.SayWhereIdentityIs(ctx, files.identity)
	}
	return nil
}
