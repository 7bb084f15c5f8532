package natscmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// The files of an operator.
const (
	operatorConfig = "operator.conf"
	systemCreds    = "sys.creds" //nolint:gosec // the name of a file
	accountFolder  = "jwt"
)

func newOperator(a verbs) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "operator NAME",
		Short: "Make an operator, for NATS servers that have none yet",
		Long: `Makes what puts a NATS server into operator mode: an operator and a system account,
whose keys go into the keystore, the server's configuration (operator.conf), and the
credentials of a user of the system account (sys.creds), as whom latch gives accounts
to the servers. All of it or nothing; no file is replaced. Who has an operator already
needs none of this: import its key with latch keys import.

sys.creds holds a secret: keep it out of git.`,
		Example: "  latch nats operator ops --dir nats\n  nats-server -js -c nats/operator.conf",
		Args:    app.Exactly("NAME"),
		RunE:    func(c *cobra.Command, args []string) error { return a.operator(c.Context(), args[0], dir) },

		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().StringVar(&dir, "dir", ".", "folder for the files")
	return c
}

func (a verbs) operator(ctx context.Context, name, dir string) error {
	if err := lattice.CheckName(name); err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch nats operator --help")
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	var fresh app.FreshKeys
	defer func() { fresh.Wipe() }()
	seeds := make([]keys.Seed, 0, 2)
	for _, one := range []struct {
		name string
		kind keys.Kind
	}{{name, keys.Operator}, {name + "-system", keys.Account}} {
		seed, err := keys.Generate(one.kind, a.Sys.Random)
		if err != nil {
			return err
		}
		seeds = append(seeds, seed)
		fresh.Names, fresh.Seeds = append(fresh.Names, one.name), append(fresh.Seeds, seed)
	}
	admin, err := keys.Generate(keys.User, a.Sys.Random)
	if err != nil {
		return err
	}
	defer admin.Wipe()
	made, err := users.NewOperator(name, seeds[0], seeds[1], admin)
	if err != nil {
		return err
	}
	creds := credentials.FormatCreds(made.Admin, admin)
	defer clear(creds)
	files := map[string][]byte{operatorConfig: []byte(made.Config(filepath.ToSlash(filepath.Join(dir, accountFolder)))), systemCreds: creds}
	err = a.Change(func() error {
		return fresh.CommitWith(ctx, store, func(ctx context.Context) error { return createAll(ctx, dir, files) }, func() {})
	})
	if err != nil {
		return err
	}
	return a.showOperator(name, dir, seeds)
}

// createAll writes files that are not there yet: all of them, or none.
func createAll(ctx context.Context, dir string, files map[string][]byte) error {
	if err := safefile.MakeDir(dir); err != nil {
		return err
	}
	set, err := safefile.OpenSet(ctx, dir)
	if err != nil {
		return err
	}
	defer set.Close()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.Exists, "%s is there already", path).WithHint("name another folder with --dir, or move the file away")
		}
		if _, err := set.Put(name, data); err != nil {
			return err
		}
	}
	return set.Commit(ctx)
}

func (a verbs) showOperator(name, dir string, seeds []keys.Seed) error {
	doc := struct {
		Name      string         `json:"name"`
		PublicKey keys.PublicKey `json:"public_key"`
		System    keys.PublicKey `json:"system_account"`
		Config    string         `json:"config"`
		Creds     string         `json:"creds"`
	}{name, seeds[0].PublicKey(), seeds[1].PublicKey(), filepath.Join(dir, operatorConfig), filepath.Join(dir, systemCreds)}
	err := a.ShowDone(doc, func(w io.Writer) {
		fmt.Fprintf(w, "operator %s %s\n", name, doc.PublicKey)
		fmt.Fprintf(w, "wrote %s, %s\n", doc.Config, doc.Creds)
	})
	if err == nil {
		a.Say("Start each server with it: nats-server -js -c %s. %s holds a secret: keep it out of git.", doc.Config, doc.Creds)
	}
	return err
}
