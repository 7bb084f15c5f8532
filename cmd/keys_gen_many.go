package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// mostKeys bounds --count: more is a typing error.
const mostKeys = 10_000_000

func (a *app) keysGenMany(ctx context.Context, kind keys.Kind, o keysGenOptions) error {
	switch {
	case o.count < 1 || o.count > mostKeys:
		return &usageError{err: fmt.Errorf("--count is %d: from 1 to %d", o.count, mostKeys)}
	case o.vanity != "":
		return &usageError{err: errors.New("--count and --vanity exclude each other")}
	case o.name != "":
		return a.storeMany(ctx, kind, o)
	}
	return a.printMany(ctx, kind, o.count)
}

// manyDocument is one of many keys: a line of JSON.
type manyDocument struct {
	Name      string         `json:"name,omitempty"`
	PublicKey keys.PublicKey `json:"public_key"`
	Seed      string         `json:"seed,omitempty"`
}

// printMany prints pairs as they are made.
func (a *app) printMany(ctx context.Context, kind keys.Kind, count int) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	out := newOut(a.sys.Stdout)
	if s.Output == outputText {
		fmt.Fprintf(out, "%-*s  SEED\n", keys.PublicKeyLength, "PUBLIC KEY")
	}
	bar := a.progress("making keys", int64(count), "keys")
	err = keys.GenerateMany(ctx, kind, count, runtime.GOMAXPROCS(0), a.sys.Random, func(seed keys.Seed) error {
		defer seed.Wipe()
		bar.add(1)
		return writeMany(out, s.Output, seed)
	})
	bar.close()
	if failed := out.close(); failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	a.say("Remember that the seeds are private, treat them as secrets.")
	a.warnIfReadable()
	return nil
}

// writeMany writes one line, and says when stdout takes no more.
func writeMany(out *out, form string, seed keys.Seed) error {
	text := seed.Reveal()
	defer clear(text)
	if form == outputText {
		fmt.Fprintf(out, "%s  %s\n", seed.PublicKey(), text)
	} else {
		encodeLine(out, manyDocument{PublicKey: seed.PublicKey(), Seed: string(text)})
	}
	return out.err
}

// storeMany stores all of them or none.
func (a *app) storeMany(ctx context.Context, kind keys.Kind, o keysGenOptions) error {
	names, err := numbered(o.name, o.count)
	if err != nil {
		return &usageError{err: err, hint: "latch keys gen cluster --count 3 --name 'web-%02d'"}
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	fresh := freshKeys{names: names}
	defer func() { fresh.wipe() }()
	err = keys.GenerateMany(ctx, kind, o.count, runtime.GOMAXPROCS(0), a.sys.Random, func(seed keys.Seed) error {
		fresh.seeds = append(fresh.seeds, seed)
		return nil
	})
	if err != nil {
		return err
	}
	bar := a.progress("storing keys", int64(o.count), "keys")
	err = fresh.store(ctx, store, func() { bar.add(1) })
	bar.close()
	if err != nil {
		return err
	}
	return a.showStored(store, fresh)
}

func (a *app) showStored(store keystore.Store, fresh freshKeys) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	out := newOut(a.sys.Stdout)
	rows := make([][]string, len(fresh.names))
	for i, name := range fresh.names {
		public := fresh.seeds[i].PublicKey()
		rows[i] = []string{name, public.String()}
		if s.Output == outputJSON {
			encodeLine(out, manyDocument{Name: name, PublicKey: public})
		}
	}
	if s.Output == outputText {
		table(out, []string{"NAME", "PUBLIC KEY"}, rows)
	}
	a.say("Stored %d seeds in %s.", len(rows), store.URI())
	return out.close()
}

func encodeLine(w io.Writer, doc any) {
	_ = json.NewEncoder(w).Encode(doc) // out keeps the error
}

// numbered expands the one %d or %03d of a name to 1, 2, 3…
func numbered(pattern string, count int) ([]string, error) {
	verb := regexp.MustCompile(`%(0[1-9])?d`)
	if len(verb.FindAllString(pattern, -1)) != 1 || len(regexp.MustCompile(`%`).FindAllString(pattern, -1)) != 1 {
		return nil, fmt.Errorf("the name %q of many keys must hold one %%d, or %%03d, for their number", pattern)
	}
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf(pattern, i+1)
		if err := keys.CheckName(names[i]); err != nil {
			return nil, err
		}
	}
	return names, nil
}
