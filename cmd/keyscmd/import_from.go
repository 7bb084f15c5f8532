package keyscmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/terminal"
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
		return a.fromFolder(dir, o, want)
	case o.from == "" && a.Sys.Terminal.Stdin:
		text, err := a.AskSecret(ctx, "Seed (not echoed): ")
		if err != nil {
			return nil, err
		}
		return fromText("the terminal", o.name, text, want)
	case o.from == "" || o.from == "-":
		text, err := terminal.Await(ctx, io.ReadAll, io.LimitReader(a.Sys.Stdin, importLimit))
		if err != nil {
			return nil, fmt.Errorf("failed to read from stdin: %w", err)
		}
		return fromText("stdin", o.name, text, want)
	}
	info, err := os.Stat(o.from)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return a.fromFolder(o.from, o, want)
	}
	if o.name == "" {
		o.name = nameOf(o.from)
	}
	return imports{a.fromFile(o.from, o.name, want)}, nil
}

// washKeys is the folder wash keeps keys in. Source: wash-lib keys/fs.rs.
func (a verbs) washKeys() (string, error) {
	if dir, _ := a.Sys.Getenv("WASH_KEYS"); dir != "" {
		return dir, nil
	}
	home, _ := a.Sys.Getenv("HOME")
	if home == "" {
		return "", errors.New("cannot find wash's keys: neither WASH_KEYS nor HOME is set")
	}
	return filepath.Join(home, ".wash", "keys"), nil
}

func (a verbs) fromFolder(dir string, o importOptions, want keys.Kind) (imports, error) {
	if o.name != "" {
		return nil, fault.New(fault.Usage, "--name is for one key; the keys of a folder are named after their files")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all imports
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".nk" {
			all = append(all, a.fromFile(filepath.Join(dir, e.Name()), nameOf(e.Name()), want))
		}
	}
	if len(all) == 0 {
		return nil, fault.New(fault.NotFound, "there is no .nk file in %s", dir)
	}
	return all, nil
}

func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) }

func (a verbs) fromFile(path, name string, want keys.Kind) *seedImport {
	text, err := safefile.Read(path, safefile.Shared, importLimit)
	if err != nil {
		return &seedImport{name: name, where: path, problem: err}
	}
	defer clear(text)
	a.warnIfOpen(path)
	return readImport(path, name, text, want)
}

// warnIfOpen warns of a seed that others could read all along.
func (a verbs) warnIfOpen(path string) {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		a.Warn("other users can read %s: chmod 600 it, or delete it once the seed is imported", path)
	}
}

func fromText(where, name string, text []byte, want keys.Kind) (imports, error) {
	defer clear(text)
	if name == "" {
		return nil, fault.New(fault.Usage, "a seed from %s needs a name", where).WithHint("add --name NAME")
	}
	return imports{readImport(where, name, text, want)}, nil
}

// readImport reads the seed: the whole text, but for white space around it, or the
// only seed that stands anywhere in it.
func readImport(where, name string, text []byte, want keys.Kind) *seedImport {
	a := &seedImport{name: name, where: where, problem: keys.CheckName(name)}
	if a.problem != nil {
		return a
	}
	a.seed, a.problem = keys.ParseSeed(bytes.TrimSpace(text), want)
	if a.problem == nil {
		return a
	}
	switch found := keys.SeedsIn(text); len(found) {
	case 0:
	case 1:
		a.seed, a.problem = found[0], nil
		if want != keys.AnyKind && a.seed.Kind() != want {
			a.problem = fmt.Errorf("it holds a %s seed, not a %s seed", a.seed.Kind(), want)
		}
	default:
		a.problem = fmt.Errorf("it holds %d different seeds", len(found))
		for _, s := range found {
			s.Wipe()
		}
	}
	return a
}
