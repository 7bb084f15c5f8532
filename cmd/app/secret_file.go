package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// WarnIfReadable warns of a seed that was redirected into a file others can read.
func (a *App) WarnIfReadable() {
	file, ok := a.Sys.Stdout.(interface{ Stat() (fs.FileInfo, error) })
	if !ok || runtime.GOOS == "windows" {
		return
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		a.Warn("the seed went into a file that other users can read: chmod 600 it, and set umask 077 next time")
	}
}

// WriteNew writes a file that must be new, and reads it back.
func WriteNew(path string, data []byte, access safefile.Access) error {
	if err := safefile.Create(path, data, access); err != nil {
		return err
	}
	back, err := safefile.Read(path, access, int64(len(data)))
	defer clear(back)
	if err == nil && !bytes.Equal(back, data) {
		err = errors.New("it holds something else")
	}
	if err != nil {
		return fmt.Errorf("%s does not hold what was just written: %w", path, err)
	}
	return nil
}

// NewIdentity makes an age identity in a file that must be new, with the folder it
// needs, and gives its recipient.
func (a *App) NewIdentity(path string) (agefile.Recipient, error) {
	text, recipient, err := agefile.NewIdentity(a.Sys.Now())
	defer clear(text)
	if err == nil {
		err = safefile.MakeDir(filepath.Dir(path))
	}
	if err == nil {
		err = WriteNew(path, text, safefile.Private)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return recipient, fault.New(fault.Exists, "%s exists, and an identity is never replaced", path).
			WithHint("name another file; to use the identity that is there: age-keygen -y %s prints its recipient for --to", Word(path))
	case errors.Is(err, fs.ErrPermission):
		return recipient, fault.Hint(err, "name a file that you can write, outside of git: --new-identity FILE")
	}
	return recipient, err
}

// IdentityStays adds to why nothing could be encrypted to a new identity how to go
// on with it.
func IdentityStays(err error, path string, mine agefile.Recipient) error {
	return fault.Hint(err, "the identity was made, %s; once that is mended, run the command again with --to %s in place of --new-identity", path, mine.Text)
}

// SayWhereIdentityIs tells what a new identity is for, and how latch finds one
// that it does not look for.
func (a *App) SayWhereIdentityIs(ctx context.Context, path string) {
	a.Say("Your identity is in %s. Keep a copy somewhere safe: without it nobody can open the seeds.", a.FromHome(path))
	full, err := filepath.Abs(path)
	if s, failed := a.Settings(); err != nil || failed != nil || slices.Contains(a.Sys.IdentityPlaces(), full) || s.IdentityFile == path || s.IdentityFile == full {
		return
	}
	a.Say("latch does not look there by itself: export LATCH_IDENTITY_FILE=%s", a.FromHome(full))
	if a.GitSees(ctx, full) {
		a.Warn("%s is a secret, and git does not ignore it: move it, or add it to .gitignore", path)
	}
}

// FromHome shows a path as people write it: from ~ where it is in the home folder, so
// that a line fits a terminal. It is one word of a shell.
func (a *App) FromHome(path string) string {
	home := a.Sys.Home()
	rest, inside := strings.CutPrefix(path, home+string(filepath.Separator))
	if home == "" || filepath.Separator != '/' || !inside || Word(rest) != rest { // a ~ in quotes is no home folder
		return Word(path)
	}
	return "~/" + rest
}

// Settle finishes or undoes what an interrupted write has left in a folder, and
// says so.
func (a *App) Settle(ctx context.Context, dir string) error {
	how, err := safefile.Settle(ctx, dir)
	if err == nil {
		a.SayHowSettled(dir, how)
	}
	return err
}

// SayHowSettled tells how a change was settled that a killed run had begun.
func (a *App) SayHowSettled(dir string, how safefile.Settled) {
	switch how {
	case safefile.Finished:
		a.Warn("an earlier write to %s was interrupted; latch has finished it", dir)
	case safefile.Undone:
		a.Warn("an earlier write to %s was interrupted; latch has undone it", dir)
	}
}
