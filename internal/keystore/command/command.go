// Package command reads seeds that a program prints for a name: a password manager, a
// key service. It is the exec: keystore, and read only.
package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const (
	// placeholder stands for the name of a key among the words of the command.
	placeholder = "{}"
	// limit bounds how long the program may take: it may ask a person.
	limit = 2 * time.Minute
	// mostOutput is more than any program prints for one seed, in bytes.
	mostOutput = 4096
	// grace is how long a program may keep its output open after it was ended.
	grace = time.Second
)

type program struct {
	uri     string
	words   []string
	environ []string
	names   func() []string
}

// New is the store of the seeds that a command prints. A word {} of it becomes the
// name, which else is its last. No shell reads it. names are those that keys are known
// by, since the program is asked for one at a time; it may be nil.
func New(uri, line string, environ []string, names func() []string) store.Store {
	words := strings.Fields(line)
	if !strings.Contains(line, placeholder) {
		words = append(words, placeholder)
	}
	own := slices.DeleteFunc(slices.Clone(environ), func(pair string) bool { return strings.HasPrefix(pair, "LATCH_") })
	return &program{uri: uri, words: words, environ: own, names: names}
}

func (p *program) URI() string { return p.uri }

// List asks for every name that is known, as long as there is a program to ask.
func (p *program) List(ctx context.Context) ([]store.Entry, error) {
	if p.names == nil {
		return nil, nil
	}
	names := slices.Clone(p.names())
	slices.Sort(names)
	var entries []store.Entry
	var errs []error
	for _, name := range slices.Compact(names) {
		seed, err := p.Get(ctx, name)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err == nil:
			entries = append(entries, store.Entry{Name: name, PublicKey: seed.PublicKey()})
			seed.Wipe()
		case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
			return nil, err // it would say so of each
		case !fault.Is(err, fault.NotFound):
			errs = append(errs, err)
		}
	}
	return entries, errors.Join(errs...)
}

// Find looks a key up by its name.
func (p *program) Find(ctx context.Context, name string) (store.Entry, error) {
	seed, err := p.Get(ctx, name)
	defer seed.Wipe()
	return store.Entry{Name: name, PublicKey: seed.PublicKey()}, err
}

// Get runs the program. To print nothing means that there is no such key.
func (p *program) Get(ctx context.Context, name string) (keys.Seed, error) {
	if err := store.CheckName(name); err != nil {
		return keys.Seed{}, err
	}
	printed, err := p.run(ctx, name)
	defer clear(printed)
	if err != nil {
		return keys.Seed{}, err
	}
	text := bytes.TrimSuffix(bytes.TrimSuffix(printed, []byte("\n")), []byte("\r"))
	if len(text) == 0 {
		return keys.Seed{}, store.NotFound(name, p.uri)
	}
	seed, err := keys.ParseSeed(text, keys.AnyKind)
	if err != nil {
		return keys.Seed{}, store.Corrupt("what "+p.words[0]+" prints for "+name, err)
	}
	return seed, nil
}

// run gives what the program prints, for the caller to clear.
func (p *program) run(ctx context.Context, name string) ([]byte, error) {
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	words := make([]string, len(p.words))
	for i, word := range p.words {
		words[i] = strings.ReplaceAll(word, placeholder, name)
	}
	run := exec.CommandContext(within, words[0], words[1:]...)
	run.Env, run.WaitDelay = p.environ, grace
	printed, said := &bounded{most: mostOutput}, &bounded{most: mostOutput}
	run.Stdout, run.Stderr = printed, said
	err := run.Run()
	switch {
	case ctx.Err() != nil:
		clear(printed.data)
		return nil, context.Cause(ctx)
	case err == nil && printed.more:
		clear(printed.data)
		return nil, store.Corrupt("what "+p.words[0]+" prints for "+name, errors.New("it is longer than any seed"))
	case err == nil:
		return printed.data, nil
	}
	clear(printed.data)
	return nil, p.failed(within, name, said.data, err)
}

// failed says that the program gave no answer, in its own words as far as they can be
// shown.
func (p *program) failed(ctx context.Context, name string, said []byte, err error) error {
	cause := err
	if line, _, _ := strings.Cut(strings.TrimSpace(keys.Mask(string(said))), "\n"); line != "" {
		cause = errors.New(line)
	}
	told := fault.New(fault.Unavailable, "%s gave no seed for %s", p.words[0], name).Because(cause)
	switch {
	case ctx.Err() != nil:
		return fault.New(fault.Unavailable, "%s did not finish within %s", p.words[0], limit).WithHint("run it by hand: what does it wait for?")
	case errors.Is(err, exec.ErrNotFound):
		return told.WithHint("install it, or give the path of the program in the keystore's URI")
	}
	return told.WithHint("run it by hand; for a key that is not there it should print nothing and end with 0")
}

func (p *program) Put(_ context.Context, name string, _ keys.Seed) error { return p.readOnly(name) }

func (p *program) Rename(_ context.Context, from, to string, _ keys.PublicKey) error {
	if err := store.CheckName(to); err != nil {
		return err
	}
	return p.readOnly(from)
}

func (p *program) Delete(_ context.Context, name string, _ keys.PublicKey) error {
	return p.readOnly(name)
}

func (p *program) readOnly(name string) error {
	if err := store.CheckName(name); err != nil {
		return err
	}
	return fault.New(fault.ReadOnly, "%s can only be read, %s stays as it is", p.uri, name).
		WithHint("change it where the program takes it from, or store it elsewhere: --keystore age:DIR")
}

// bounded keeps the first of what is written to it.
type bounded struct {
	data []byte
	most int
	more bool
}

var _ io.Writer = (*bounded)(nil)

func (b *bounded) Write(data []byte) (int, error) {
	room := min(len(data), b.most-len(b.data))
	grown := append(slices.Clip(slices.Clone(b.data)), data[:room]...)
	clear(b.data)
	b.data = grown
	b.more = b.more || room < len(data)
	return len(data), nil
}
