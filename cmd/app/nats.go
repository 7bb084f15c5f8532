package app

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/natsconn"
)

// NATSByContext has a connection be made as a context of the nats command says.
func (a *App) NATSByContext(ctx context.Context, name string, o *natsconn.Options) error {
	configs := a.Sys.XDGConfigDir()
	if configs == "" {
		return fault.New(fault.Unavailable, "the context %s of the nats command cannot be read: no home folder is known", name).WithHint("set HOME")
	}
	known, err := natsconn.ReadContext(configs, a.Sys.Home(), name)
	if err != nil {
		return err
	}
	o.Server, o.Login, o.InboxPrefix = known.Server, known.Login, known.InboxPrefix
	var login credentials.Login
	switch {
	case known.Creds != "":
		login, err = credentials.ReadFile(ctx, known.Creds)
	case known.NKey != "":
		login, err = credentials.ReadSeedFile(ctx, known.NKey)
	default:
		return nil
	}
	o.Login = login.NATS()
	return err
}

// NATSBySettings has it be made with what settings of their own say of the authority
// and the login.
func (a *App) NATSBySettings(ctx context.Context, o *natsconn.Options) error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	if s.NATSCA != "" {
		o.Server.TLS.CA = s.NATSCA
	}
	if s.NATSCreds == "" {
		return nil
	}
	login, err := credentials.ReadFile(ctx, s.NATSCreds)
	o.Login = login.NATS()
	return err
}

// connection are the flags that say which servers are asked, as whom and how, as they
// were given; none before they were judged: an address may hold a password.
func (a *App) connection() (given []*pflag.Flag) {
	if a.flags.running == nil || a.loaded.Load() == nil {
		return nil
	}
	for _, name := range []string{"as", "nats", "creds", "nats-ca", "nats-context", "timeout", "match"} {
		if flag := a.flags.running.Flags().Lookup(name); flag != nil && flag.Changed {
			given = append(given, flag)
		}
	}
	return given
}

// ConnectionInUse are the flags that say which servers are asked, as whom and how, as
// they were given: what latch tells people to type has them too.
func (a *App) ConnectionInUse() []string {
	var words []string
	for _, flag := range a.connection() {
		words = append(words, "--"+flag.Name, strings.Join(valuesOf(flag), ","))
	}
	return words
}

// bucketTimeout is how long a server of a keystore may take to let somebody in: it may
// be busy where a whole fleet starts at the same time.
const bucketTimeout = 5 * time.Second

// dialBucket connects to the servers of a nats: keystore: as the context says that its
// URI names, or else as the settings do.
func (a *App) dialBucket(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
	s, err := a.Settings()
	if err != nil {
		return nil, nil, err
	}
	o := natsconn.Options{Dial: a.Sys.Dial, Name: "latch keystore", Reconnect: true, Timeout: bucketTimeout}
	if name := cmp.Or(at.Context, s.NATSContext); name != "" {
		err = a.NATSByContext(ctx, name, &o)
	}
	if err == nil && at.Context == "" {
		err = a.NATSBySettings(ctx, &o)
	}
	if err != nil {
		return nil, nil, err
	}
	o.Server.URLs = at.URLs
	a.Trace("connects to %s for the bucket %s", o.Server.URLs, at.Bucket)
	conn, err := natsconn.Connect(ctx, o)
	if err != nil {
		o.Login.Seed.Wipe()
		return nil, nil, bucketHint(err)
	}
	return conn, func() { conn.Close(); o.Login.Seed.Wipe() }, nil
}

// bucketHint says how a keystore's connection is told what it lacks: commands that
// only open a keystore have no flags for it.
func bucketHint(err error) error {
	var failure *natsconn.Failure
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Step {
	case natsconn.Authenticate:
		return fault.Hint(err, "give credentials: LATCH_NATS_CREDS=FILE, or a context of the nats command: LATCH_NATS_CONTEXT=NAME, or ?context=NAME in the keystore's URI")
	case natsconn.TLSStep:
		return fault.Hint(err, "LATCH_NATS_CA=FILE names the authority of the server's certificate; a client's own certificate is given by a context of the nats command, ?context=NAME in the keystore's URI")
	default:
		return fault.Hint(err, "check the address in the keystore's URI, and whether this machine may reach it")
	}
}
