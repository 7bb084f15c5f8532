package natscmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// workers is how many signatures are made at a time.
func workers() int { return runtime.GOMAXPROCS(0) }

// issuerOf opens the key that signs the users. Where the lattice is to have an
// account of its own and has none, that is made.
func (a verbs) issuerOf(ctx context.Context, run *issuing, o issueOptions) (none users.Issuer, err error) {
	if o.ownAccount && run.settings.Account.IsZero() && run.settings.Signer == "" {
		return a.ownAccount(ctx, run)
	}
	if run.settings.Signer == "" {
		return none, fault.New(fault.Usage, "which key signs the users is not known").
			WithHint("name the account's key with --signer, or have an account made: --account-per-lattice --operator NAME")
	}
	if run.account, err = readAccount(run.file, run.settings); err != nil {
		return none, err
	}
	seed, err := a.SeedsOf(run.store)(ctx, run.settings.Signer)
	if err != nil {
		return none, err
	}
	defer seed.Wipe()
	switch {
	case !run.settings.Account.IsZero():
	case !run.account.IsZero():
		run.settings.Account = run.account.PublicKey()
	default:
		run.settings.Account = seed.PublicKey()
	}
	return users.NewIssuer(seed, run.settings.Account, run.account, run.now)
}

// ownAccount makes the lattice's account, in memory.
func (a verbs) ownAccount(ctx context.Context, run *issuing) (none users.Issuer, err error) {
	if run.settings.Operator == "" {
		return none, fault.New(fault.Usage, "an account is signed with an operator's key, and none is named").WithHint("add --operator NAME, as latch keys list has it")
	}
	operator, err := a.SeedsOf(run.store)(ctx, run.settings.Operator)
	if err != nil {
		return none, err
	}
	defer operator.Wipe()
	seed, err := keys.Generate(keys.Account, a.Sys.Random)
	if err != nil {
		return none, err
	}
	name := a.freeName(run, run.file.Manifest().Lattice+"-account")
	run.fresh.Names, run.fresh.Seeds = append(run.fresh.Names, name), append(run.fresh.Seeds, seed)
	if run.account, err = users.NewAccount(run.file.Manifest().Lattice, seed.PublicKey(), operator); err != nil {
		return none, err
	}
	run.made = true
	run.settings.Account, run.settings.Signer = seed.PublicKey(), name
	run.settings.AccountJWT = users.Folder + "/" + name + ".jwt"
	return users.NewIssuer(seed, run.settings.Account, run.account, run.now)
}

// freeName is the name, or one made of it, that the keystore has no key by.
func (verbs) freeName(run *issuing, name string) string {
	free := name
	for n := 2; ; n++ {
		if _, there := run.stored[free]; !there {
			return free
		}
		free = fmt.Sprintf("%s-%d", name, n)
	}
}

// saveUsers stores the seeds, writes the JWTs and saves the manifest: all of it, or
// nothing. What is stored without the manifest that names it only waits to be used.
func (a verbs) saveUsers(ctx context.Context, run *issuing) error {
	m := run.file.Manifest()
	m.NATSUsers = run.settings
	if len(run.issued) > 0 {
		m.NATSUsers = m.NATSUsers.Current(run.now)
	}
	next, err := run.file.Update(users.Take(m, run.issued))
	if err != nil {
		return err
	}
	dir := filepath.Join(filepath.Dir(run.file.Path()), users.Folder)
	bar := a.Progress("storing seeds", int64(len(run.fresh.Names)), "users")
	defer bar.Close()
	err = a.Change(func() error {
		return run.fresh.CommitWith(ctx, run.store, func(ctx context.Context) error {
			return writeThen(ctx, dir, run.jwtFiles(), func() error { return next.Save(ctx) })
		}, func() { bar.Add(1) })
	})
	if err == nil {
		run.file = next
	}
	return err
}

// jwtFiles are the files of the new users, and of a new account.
func (run *issuing) jwtFiles() map[string]string {
	files := make(map[string]string, len(run.issued))
	for _, one := range run.issued {
		files[one.File()] = one.JWT + "\n"
	}
	if run.made {
		files[filepath.Base(run.settings.AccountJWT)] = run.account.JWT() + "\n"
	}
	return files
}

// writeThen writes the files, then saves; if that fails, it takes them back.
func writeThen(ctx context.Context, dir string, files map[string]string, save func() error) error {
	if len(files) == 0 {
		return save()
	}
	if err := safefile.MakeDir(dir); err != nil {
		return err
	}
	write := func(change func(set *safefile.Set, name, text string) error) error {
		set, err := safefile.OpenSet(context.WithoutCancel(ctx), dir)
		if err != nil {
			return err
		}
		defer set.Close()
		for name, text := range files {
			if err := change(set, name, text); err != nil {
				return err
			}
		}
		return set.Commit(context.WithoutCancel(ctx))
	}
	err := write(func(set *safefile.Set, name, text string) error {
		_, err := set.Put(name, []byte(text))
		return err
	})
	if err != nil {
		return err
	}
	if err = save(); err != nil && !errors.Is(err, safefile.ErrInPlace) {
		_ = write(func(set *safefile.Set, name, _ string) error { return set.Remove(name) })
	}
	return err
}
