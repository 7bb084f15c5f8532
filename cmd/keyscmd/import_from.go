package keyscmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// importLimit bounds a file that holds a seed, in bytes: a host's log may be
// long.
const importLimit = 64 << 20

// imports gathers what is to be imported.
func (a verbs) imports(ctx context.Context, o importOptions, want keys.Kind) (imports, error) {
	switch {
	case o.wash && o.from != "":
		return nil, fault.New(fault.Usage, "use either --wash or a file, not both")
	case o.wash:
		dir, err := a.washKeys()
		if err != nil {
			return nil, err
		}
		return a.fromFolder(ctx, dir, o, want)
	case o.name == "" && (o.from == "" || o.from == "-"):
		return nil, fault.New(fault.Usage, "a seed from %s needs a name", a.source()).WithHint("add --name NAME")
	case o.from == "" && a.Sys.Terminal.Stdin:
		text, err := a.AskSecret(ctx, "Seed (not echoed): ")
		if err != nil {
			return nil, err
		}
		return fromText("the terminal", text, o, want)
	case o.from == "" || o.from == "-":
		text, err := a.ReadStdin(ctx, importLimit)
		if err != nil {
			return nil, err
		}
		return fromText("stdin", text, o, want)
	}
	info, err := os.Stat(o.from)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return a.fromFolder(ctx, o.from, o, want)
	}
	if o.name == "" {
		o.name = nameOf(o.from)
	}
	return imports{a.fromFile(o.from, o.name, o.mend, want)}, nil
}

// washKeys is the folder wash keeps keys in. Source: wash-lib keys/fs.rs.
func (a verbs) washKeys() (string, error) {
	if dir, _ := a.Sys.Getenv("WASH_KEYS"); dir != "" {
		return dir, nil
	}
	home := a.Sys.Home()
	if home == "" {
		return "", errors.New("cannot find wash's keys: WASH_KEYS is not set, and no home folder is known")
	}
	return filepath.Join(home, ".wash", "keys"), nil
}

// source is what is read where no file is named.
func (a verbs) source() string {
	if a.Sys.Terminal.Stdin {
		return "the terminal"
	}
	return "stdin"
}

// deepest is how many folders below the one that is named are looked into: nsc
// keeps keys two deep, by kind and by the letters they start with.
const deepest = 4

// fromFolder reads all .nk files in a folder and below it. Of one kind only, if
// one is wanted.
func (a verbs) fromFolder(ctx context.Context, dir string, o importOptions, want keys.Kind) (imports, error) {
	if o.name != "" {
		return nil, fault.New(fault.Usage, "--name is for one key; the keys of a folder are named after their files")
	}
	var all imports
	others := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch relative, _ := filepath.Rel(dir, path); {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case e.IsDir() && strings.Count(relative, string(filepath.Separator)) >= deepest:
			return filepath.SkipDir
		case e.IsDir() || filepath.Ext(path) != ".nk":
			return nil
		}
		one := a.fromFile(path, nameOf(path), o.mend, keys.AnyKind)
		if one.problem == nil && want != keys.AnyKind && one.seed.Kind() != want {
			one.seed.Wipe()
			others++
			return nil
		}
		all = append(all, one)
		return nil
	})
	switch {
	case err != nil:
		all.wipe()
		return nil, err
	case len(all) == 0 && others > 0:
		return nil, fault.New(fault.NotFound, "none of the %d .nk files in %s holds a %s seed", others, dir, want)
	case len(all) == 0:
		return nil, fault.New(fault.NotFound, "there is no .nk file in %s", dir)
	case others > 0:
		a.Say("passed over %d seed%s of other kinds", others, app.Plural(others))
	}
	return all, nil
}

func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) }

func (a verbs) fromFile(path, name string, mend mend, want keys.Kind) *seedImport {
	text, err := safefile.Read(path, safefile.Shared, importLimit)
	if err != nil {
		return &seedImport{name: name, where: path, problem: err}
	}
	defer clear(text)
	a.warnIfOpen(path)
	return readImport(path, name, text, mend, want)
}

// warnIfOpen warns of a seed that others could read all along.
func (a verbs) warnIfOpen(path string) {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		a.Warn("other users can read %s: chmod 600 it, or delete it once the seed is imported", path)
	}
}

func fromText(where string, text []byte, o importOptions, want keys.Kind) (imports, error) {
	defer clear(text)
	return imports{readImport(where, o.name, text, o.mend, want)}, nil
}
