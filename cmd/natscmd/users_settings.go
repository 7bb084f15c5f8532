package natscmd

import (
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// userSettings say how users are issued. The manifest keeps them, so that they are
// given once.
type userSettings struct {
	account, accountJWT, signer, operator string
	expires, deployEvery                  string
}

func (s *userSettings) register(c *cobra.Command, a verbs) {
	flags := c.Flags()
	flags.StringVar(&s.account, "account", "", "public key of the account that the users belong to, A…")
	flags.StringVar(&s.accountJWT, "account-jwt", "", "file with the account's JWT; needed for a signing key")
	flags.StringVar(&s.signer, "signer", "", "name, in the keystore, of the account's key or a signing key of it")
	flags.StringVar(&s.operator, "operator", "", "name, in the keystore, of the operator's key")
	flags.StringVar(&s.expires, "expires", "", "how long the users are let in (default 90d)")
	flags.StringVar(&s.deployEvery, "deploy-every", "", "how often hosts are deployed (default 30d)")
	for _, name := range []string{"signer", "operator"} {
		_ = c.RegisterFlagCompletionFunc(name, a.CompleteKeyNames)
	}
	for _, name := range []string{"account", "expires", "deploy-every"} {
		_ = c.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
}

// The spans that are taken where nobody says any.
const (
	usualLife   = 90 * 24 * time.Hour
	usualDeploy = 30 * 24 * time.Hour
)

// over is what the manifest says, with the flags in its place.
func (s userSettings) over(u lattice.NATSUsers, file *lattice.Document) (lattice.NATSUsers, error) {
	var err error
	if s.account != "" {
		if u.Account, err = keys.ParsePublicKey(s.account, keys.Account); err != nil {
			return u, fault.New(fault.Usage, "--account is no public key of an account").Because(err).WithHint("nsc describe account shows it")
		}
	}
	if s.accountJWT != "" {
		if u.AccountJWT, err = fromManifest(file, s.accountJWT); err != nil {
			return u, err
		}
	}
	for _, name := range []struct {
		flag, value string
		into        *string
	}{{"signer", s.signer, &u.Signer}, {"operator", s.operator, &u.Operator}} {
		if name.value == "" {
			continue
		}
		if err := lattice.CheckName(name.value); err != nil {
			return u, fault.New(fault.Usage, "--%s is no name of a key", name.flag).Because(err).WithHint("latch keys list")
		}
		*name.into = name.value
	}
	for _, span := range []struct {
		flag, value string
		into        *time.Duration
		usual       time.Duration
	}{{"expires", s.expires, &u.Expires, usualLife}, {"deploy-every", s.deployEvery, &u.DeployEvery, usualDeploy}} {
		if span.value != "" {
			if *span.into, err = lattice.ParseSpan(span.value); err != nil {
				return u, fault.New(fault.Usage, "--%s", span.flag).Because(err)
			}
		}
		if *span.into == 0 {
			*span.into = span.usual
		}
	}
	return u, nil
}

// fromManifest is a path as the manifest gives it: from its folder on.
func fromManifest(file *lattice.Document, path string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	here, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(filepath.Dir(file.Path()))
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(dir, here)
	return filepath.ToSlash(relative), err
}

// mostAccount is more than any account JWT that a server takes, in bytes.
const mostAccount = 64 << 20

// readAccount reads the account's JWT where the manifest names one; it may be zero.
func readAccount(file *lattice.Document, u lattice.NATSUsers) (users.Account, error) {
	if u.AccountJWT == "" {
		return users.Account{}, nil
	}
	path := accountFile(file, u)
	text, err := safefile.Read(path, safefile.Shared, mostAccount)
	if err != nil {
		return users.Account{}, err
	}
	account, err := users.ParseAccount(string(text))
	if err != nil {
		return users.Account{}, fault.New(fault.Failed, "%s", path).Because(err).WithHint("%s", fault.HintOf(err))
	}
	return account, nil
}

func accountFile(file *lattice.Document, u lattice.NATSUsers) string {
	if filepath.IsAbs(u.AccountJWT) {
		return u.AccountJWT
	}
	return filepath.Join(filepath.Dir(file.Path()), u.AccountJWT)
}

// checkLife refuses users who would expire before a deploy could bring the next.
func checkLife(u lattice.NATSUsers, asked bool) error {
	if asked || u.Expires >= 2*u.DeployEvery {
		return nil
	}
	return fault.New(fault.Refused, "users of %s would expire before two deploys, one every %s: a deploy that is late or fails would cut the hosts off",
		lattice.FormatSpan(u.Expires), lattice.FormatSpan(u.DeployEvery)).
		WithHint("let them live for %s or more: --expires; or say how often you deploy: --deploy-every; or add --short-lived", lattice.FormatSpan(2*u.DeployEvery))
}
