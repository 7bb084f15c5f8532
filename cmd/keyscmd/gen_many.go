package keyscmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// mostKeys bounds --count: more is a typing error.
const mostKeys = 10_000_000

func (a verbs) genMany(ctx context.Context, kind keys.Kind, o genOptions) error {
	switch {
	case o.count < 1 || o.count > mostKeys:
		return fault.New(fault.Usage, "--count is %d: it must be from 1 to %d", o.count, mostKeys)
	case o.vanity != "":
		return fault.New(fault.Usage, "use either --count or --vanity, not both")
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
func (a verbs) printMany(ctx context.Context, kind keys.Kind, count int) error {
	out := app.NewOut(a.Sys.Stdout)
	if a.Form() == settings.Text {
		fmt.Fprintf(out, "%-*s  SEED\n", keys.PublicKeyLength, "PUBLIC KEY")
	}
	bar := a.Progress("making keys", int64(count), "keys")
	err := keys.GenerateMany(ctx, kind, count, runtime.GOMAXPROCS(0), a.Sys.Random, func(seed keys.Seed) error {
		defer seed.Wipe()
		bar.Add(1)
		return writeMany(out, a.Form(), seed)
	})
	bar.Close()
	if failed := out.Close(); failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	a.Say("The seeds are secrets: keep them safe and do not share them.")
	a.WarnIfReadable()
	return nil
}

// writeMany writes one line, and says when stdout takes no more.
func writeMany(to *app.Out, form string, seed keys.Seed) error {
	text := seed.Reveal()
	defer clear(text)
	if form == settings.Text {
		fmt.Fprintf(to, "%s  %s\n", seed.PublicKey(), text)
	} else {
		encodeLine(to, manyDocument{PublicKey: seed.PublicKey(), Seed: string(text)})
	}
	return to.Error()
}

// storeMany stores all of them or none.
func (a verbs) storeMany(ctx context.Context, kind keys.Kind, o genOptions) error {
	names, err := numbered(o.name, o.count)
	if err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "%s", "latch keys gen cluster --count 3 --name 'web-%02d'")
	}
	if err := a.checkFree(ctx, names...); err != nil {
		return err
	}
	store, err := a.KeystoreFor(o.to)
	if err != nil {
		return err
	}
	fresh := app.FreshKeys{Names: names}
	defer func() { fresh.Wipe() }()
	err = keys.GenerateMany(ctx, kind, o.count, runtime.GOMAXPROCS(0), a.Sys.Random, func(seed keys.Seed) error {
		fresh.Seeds = append(fresh.Seeds, seed)
		return nil
	})
	if err != nil {
		return err
	}
	bar := a.Progress("storing keys", int64(o.count), "keys")
	err = a.Change(func() error { return fresh.Store(ctx, store, func() { bar.Add(1) }) })
	bar.Close()
	if err != nil {
		return err
	}
	return a.showStored(store, fresh)
}

func (a verbs) showStored(store keystore.Store, fresh app.FreshKeys) error {
	out := app.NewOut(a.Sys.Stdout)
	docs := make([]manyDocument, len(fresh.Names))
	rows := make([][]string, len(fresh.Names))
	for i, name := range fresh.Names {
		docs[i] = manyDocument{Name: name, PublicKey: fresh.Seeds[i].PublicKey()}
		rows[i] = []string{name, docs[i].PublicKey.String()}
		if a.Form() != settings.Text {
			encodeLine(out, docs[i])
		}
	}
	if a.Form() == settings.Text {
		terminal.Table(out, a.Width(), []string{"NAME", "PUBLIC KEY"}, rows)
	}
	stored := fmt.Sprintf("Stored %d seeds in %s.", len(rows), store.URI())
	if err := out.Close(); err != nil {
		return a.DoneUnprinted(err, docs, func(w io.Writer) { fmt.Fprintln(w, stored) })
	}
	a.Say("%s", stored)
	return nil
}

func encodeLine(w io.Writer, doc any) {
	_ = json.NewEncoder(w).Encode(doc) // out keeps the error
}

// numbered expands the one %d or %03d of a name to 1, 2, 3…
func numbered(pattern string, count int) ([]string, error) {
	verb := regexp.MustCompile(`%(0[1-9])?d`)
	if len(verb.FindAllString(pattern, -1)) != 1 || strings.Count(pattern, "%") != 1 {
		return nil, fmt.Errorf("the name %q must contain one %%d or %%03d, which stands for the number", pattern)
	}
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf(pattern, i+1)
		if err := keystore.CheckName(names[i]); err != nil {
			return nil, err
		}
	}
	return names, nil
}
