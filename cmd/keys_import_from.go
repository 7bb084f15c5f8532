package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// importLimit bounds a file that holds a seed, in bytes: a host's log may be
// long.
const importLimit = 64 << 20

// arrivals gathers what is to be imported.
func (a *app) arrivals(ctx context.Context, o keysImportOptions, want keys.Kind) (arrivals, error) {
	switch {
	case o.wash && o.from != "":
		return nil, &usageError{err: errors.New("--wash and a file exclude each other")}
	case o.wash:
		dir, err := a.washKeys()
		if err != nil {
			return nil, err
		}
		return a.fromFolder(dir, o, want)
	case o.from == "" && a.sys.Terminal.Stdin:
		text, err := a.askSecret(ctx, "Seed (not echoed): ")
		if err != nil {
			return nil, err
		}
		return fromText("the terminal", o.name, text, want)
	case o.from == "" || o.from == "-":
		text, err := await(ctx, io.ReadAll, io.LimitReader(a.sys.Stdin, importLimit))
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
	return arrivals{a.fromFile(o.from, o.name, want)}, nil
}

// washKeys is the folder wash keeps keys in. Source: wash-lib keys/fs.rs.
func (a *app) washKeys() (string, error) {
	if dir, _ := a.sys.Getenv("WASH_KEYS"); dir != "" {
		return dir, nil
	}
	home, _ := a.sys.Getenv("HOME")
	if home == "" {
		return "", errors.New("cannot find wash's keys: neither WASH_KEYS nor HOME is set")
	}
	return filepath.Join(home, ".wash", "keys"), nil
}

func (a *app) fromFolder(dir string, o keysImportOptions, want keys.Kind) (arrivals, error) {
	if o.name != "" {
		return nil, &usageError{err: errors.New("--name is for one key: those of a folder keep their files' names")}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all arrivals
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".nk" {
			all = append(all, a.fromFile(filepath.Join(dir, e.Name()), nameOf(e.Name()), want))
		}
	}
	if len(all) == 0 {
		return nil, &notFound{fmt.Errorf("there is no .nk file in %s", dir)}
	}
	return all, nil
}

func nameOf(path string) string { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) }

func (a *app) fromFile(path, name string, want keys.Kind) *arrival {
	text, err := safefile.Read(path, safefile.Shared, importLimit)
	if err != nil {
		return &arrival{name: name, where: path, problem: err}
	}
	defer clear(text)
	a.warnIfOpen(path)
	return arrived(path, name, text, want)
}

// warnIfOpen warns of a seed that others could read all along.
func (a *app) warnIfOpen(path string) {
	info, err := os.Stat(path)
	if err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		a.warn("others can read %s: chmod 600 it, or delete it once the seed is imported", path)
	}
}

func fromText(where, name string, text []byte, want keys.Kind) (arrivals, error) {
	defer clear(text)
	if name == "" {
		return nil, &usageError{err: fmt.Errorf("a seed from %s needs a name", where), hint: "add --name NAME"}
	}
	return arrivals{arrived(where, name, text, want)}, nil
}

// arrived reads the seed: the whole text, but for white space around it, or the
// only seed that stands anywhere in it.
func arrived(where, name string, text []byte, want keys.Kind) *arrival {
	a := &arrival{name: name, where: where, problem: keys.CheckName(name)}
	if a.problem != nil {
		return a
	}
	a.seed, a.problem = keys.ParseSeed(bytes.TrimSpace(text), want)
	if a.problem == nil {
		return a
	}
	switch found := seedsWithin(text); len(found) {
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

// seedsWithin finds the different seeds in a text such as a log, colour codes
// and all.
func seedsWithin(text []byte) []keys.Seed {
	plain := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAll(text, []byte(" "))
	defer clear(plain)
	var found []keys.Seed
	for _, word := range regexp.MustCompile(`\bS[A-Z][A-Z2-7]{56}\b`).FindAll(plain, -1) {
		seed, err := keys.ParseSeed(word, keys.AnyKind)
		if err != nil || holds(found, seed) {
			continue
		}
		found = append(found, seed)
	}
	return found
}

func holds(seeds []keys.Seed, seed keys.Seed) bool {
	for _, s := range seeds {
		if s.PublicKey() == seed.PublicKey() {
			return true
		}
	}
	return false
}
