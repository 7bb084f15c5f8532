// Package connect connects commands to the NATS that a lattice lives on: where the
// settings, a context of the nats command or the manifest say that it is, and as
// whom they say.
package connect

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Flags say as which host of the manifest to connect; where and as whom else is
// said by settings.
type Flags struct {
	as      string
	purpose wasmcloud.Purpose
	given   *lattice.Manifest // nil: the file in use
}

// Register adds the flags of a command that connects as hosts do for control
// commands.
func (f *Flags) Register(c *cobra.Command, a *app.App) {
	f.RegisterFor(c, a, wasmcloud.Control, "control commands")
}

// RegisterFor adds the flags of a command that connects as hosts do for the purpose.
func (f *Flags) RegisterFor(c *cobra.Command, a *app.App, purpose wasmcloud.Purpose, use string) {
	f.purpose = purpose
	a.AddLiveFlags(c)
	c.Flags().StringVar(&f.as, "as", "", "connect as this host of the manifest, with its credentials for "+use)
	_ = c.RegisterFlagCompletionFunc("as", a.CompleteHosts)
	c.MarkFlagsMutuallyExclusive("as", "creds", "nats-context")
}

// RegisterServer adds the flags of a command that connects for control commands, but
// not as a host: it has another use for the word as.
func (f *Flags) RegisterServer(c *cobra.Command, a *app.App) {
	f.purpose = wasmcloud.Control
	a.AddLiveFlags(c)
}

// For are the same flags for a connection of another purpose.
func (f Flags) For(purpose wasmcloud.Purpose) *Flags {
	return &Flags{as: f.as, purpose: purpose, given: f.given}
}

// Given has the manifest be one that is no file. What it names is looked for from the
// working directory.
func (f *Flags) Given(m lattice.Manifest) { f.given = &m }

// As is the host of the manifest as which to connect, "" for none.
func (f *Flags) As() string { return f.as }

// Open connects, with what an edit adds to the options, and gives what ends the
// connection and the secrets that it needed.
func (f *Flags) Open(ctx context.Context, a *app.App, edit func(*natsconn.Options)) (conn *natsconn.Conn, end func(), err error) {
	o, err := f.options(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if edit != nil {
		edit(&o)
	}
	a.Trace("connects to %s", o.Server.URLs)
	conn, err = natsconn.Connect(ctx, o)
	if err != nil {
		o.Login.Seed.Wipe()
		return nil, nil, err
	}
	return conn, func() { conn.Close(); o.Login.Seed.Wipe() }, nil
}

// options are what settings and flags say: each of server, authority and login by
// itself, or all of them by a context.
func (f *Flags) options(ctx context.Context, a *app.App) (natsconn.Options, error) {
	o := natsconn.Options{Dial: a.Sys.Dial, Name: "latch"}
	s, err := a.Settings()
	if err != nil {
		return o, err
	}
	if s.NATSContext != "" {
		err = a.NATSByContext(ctx, s.NATSContext, &o)
	} else {
		err = f.fromManifest(ctx, a, &o, s.NATS != "")
	}
	if err != nil {
		return o, err
	}
	if s.NATS != "" {
		if o.Server.URLs, err = natsconn.ParseURLs(s.NATS); err != nil {
			return o, fault.Hint(err, "%s", "it is from "+s.Origin("nats"))
		}
	}
	return o, a.NATSBySettings(ctx, &o)
}

// fromManifest takes the server for control commands from the manifest, that of one
// host where one is named. Without a manifest it is the server that hosts ask which
// are told none.
func (f *Flags) fromManifest(ctx context.Context, a *app.App, o *natsconn.Options, named bool) error {
	o.Server.URLs = []string{natsconn.DefaultURL}
	if f.given != nil {
		return f.from(ctx, a, o, *f.given, credentials.Files{Dir: ".", Home: a.Sys.Home(), Reads: a.TraceRead}, a.Keystore)
	}
	document, err := a.Manifest()
	switch {
	case err != nil && f.as == "" && (named || fault.Is(err, fault.NotFound)):
		return nil
	case err != nil:
		return err
	}
	return f.from(ctx, a, o, document.Manifest(), a.FilesOf(document), func() (keystore.Store, error) { return a.KeystoreOf(document) })
}

// from takes it from one manifest.
func (f *Flags) from(ctx context.Context, a *app.App, o *natsconn.Options, m lattice.Manifest, files credentials.Files, open func() (keystore.Store, error)) error {
	if f.as == "" {
		o.Server = serverOf(m.NATS.For(f.purpose))
		return nil
	}
	host, known := m.Host(f.as)
	if !known {
		return m.NoHost(f.as)
	}
	o.Server = serverOf(m.NATSOf(host).For(f.purpose))
	o.Server.URLs = []string{"nats://" + m.ServerOf(host, f.purpose)}
	store, err := open()
	if err != nil {
		return err
	}
	o.Login, err = credentials.NewResolver(m, files, a.SeedsOf(store)).Connect(ctx, host, f.purpose)
	return err
}

// serverOf is where a connection of the manifest goes.
func serverOf(c lattice.Connection) natsconn.Server {
	return natsconn.Server{URLs: []string{"nats://" + c.Address()}, TLS: natsconn.TLS{Required: c.TLS == lattice.On}}
}
