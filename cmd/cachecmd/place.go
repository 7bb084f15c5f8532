package cachecmd

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
)

// placeFlags say which lattice's cache, and where it is.
type placeFlags struct {
	connect.Flags

	lattice, domain string
}

func (f *placeFlags) register(c *cobra.Command, a *app.App) {
	f.Flags.Register(c, a)
	c.Flags().StringVar(&f.lattice, "lattice", "", "prefix of the lattice, in place of a manifest")
	c.Flags().StringVar(&f.domain, "js-domain", "", "JetStream domain of the lattice's data (default as the manifest says)")
	_ = c.RegisterFlagCompletionFunc("lattice", cobra.NoFileCompletions)
	_ = c.RegisterFlagCompletionFunc("js-domain", cobra.NoFileCompletions)
}

// place is the cache of one lattice, and how its hosts are asked.
type place struct {
	cache.Cache

	lattice, domain string
	question        wasmbus.Question
}

// open connects. Without flag and manifest the lattice is the one given, "" for
// none. What it gives ends the connection.
func (f *placeFlags) open(ctx context.Context, a *app.App, known cache.CopyInfo) (p place, end func(), err error) {
	if p, err = f.find(a, known); err != nil {
		return p, nil, err
	}
	conn, end, err := f.Open(ctx, a, func(o *natsconn.Options) { o.Reconnect = true })
	if err != nil {
		return p, nil, err
	}
	p.Cache = cache.Of(conn, p.lattice, p.domain)
	return p, end, nil
}

func (f *placeFlags) find(a *app.App, known cache.CopyInfo) (place, error) {
	p := place{lattice: f.lattice, domain: f.domain}
	p.question = wasmbus.Question{Timeout: wasmbus.DefaultTimeout, Quiet: wasmbus.DefaultQuiet}
	document, err := a.Manifest()
	var m lattice.Manifest
	switch {
	case err == nil && (f.lattice == "" || f.lattice == document.Manifest().Lattice):
		m = document.Manifest()
		roster, err := wasmbus.NewRoster(m, nil)
		if err != nil {
			return p, err
		}
		p.lattice, p.question = m.Lattice, roster.Question()
		if f.domain == "" {
			p.domain, err = f.domainIn(m)
		}
		return p, err
	case err == nil: // a manifest of another lattice has nothing to say
	case f.lattice == "" && known.Lattice != "" && fault.Is(err, fault.NotFound):
		p.lattice = known.Lattice
		if f.domain == "" {
			p.domain = known.Domain
		}
	case f.lattice == "":
		return p, fault.Hint(err, "name the lattice: --lattice NAME")
	}
	p.question.Lattice = p.lattice
	if err := lattice.CheckPrefix(p.lattice); err != nil {
		return p, fault.As(fault.Usage, err)
	}
	return p, nil
}

// domainIn is the domain of the manifest's hosts, or of the one as which to connect.
func (f *placeFlags) domainIn(m lattice.Manifest) (string, error) {
	if h, known := m.Host(f.As()); known {
		return m.NATSOf(h).JetStreamDomain, nil
	}
	domains := []string{}
	for _, h := range m.Hosts {
		if domain := m.NATSOf(h).JetStreamDomain; !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	switch len(domains) {
	case 0:
		return m.NATS.JetStreamDomain, nil
	case 1:
		return domains[0], nil
	}
	for i, domain := range domains {
		if domain == "" {
			domains[i] = "none"
		}
	}
	return "", fault.New(fault.Usage, "the hosts keep their data in more than one JetStream domain: %s", strings.Join(domains, ", ")).
		WithHint("name one with --js-domain, or a host whose domain it is with --as")
}
