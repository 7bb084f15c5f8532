package natscmd

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmbus/isolation"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// betweenLattices is how long a message may take from one lattice to another. A mirror
// takes longest to fill.
const betweenLattices = 3 * time.Second

// wayDocument is one way from a lattice into another as JSON output gives it.
type wayDocument struct {
	From    string            `json:"from"`
	To      string            `json:"to"`
	Way     isolation.Kind    `json:"way"`
	Outcome isolation.Outcome `json:"outcome"`
	Why     string            `json:"reason"`
}

// checkIsolation tries every way between the lattices of two manifests.
func (a verbs) checkIsolation(c *cobra.Command, paths []string, timeout time.Duration) error {
	if len(paths) != 2 {
		return app.UsageIn(c, "--isolation needs the manifests of two lattices")
	}
	ctx, cancel := context.WithTimeout(c.Context(), timeout)
	defer cancel()
	at, err := a.checkedPlace()
	if err != nil {
		return err
	}
	sides := make([]isolation.Side, len(paths))
	for i, path := range paths {
		file, err := lattice.Load(path)
		if err != nil {
			return err
		}
		side, end, err := a.side(ctx, file, at)
		if err != nil {
			return err
		}
		defer end()
		sides[i] = side
	}
	if sides[0].Lattice == sides[1].Lattice {
		return fault.New(fault.Usage, "both manifests are of the lattice %s", sides[0].Lattice).WithHint("name the manifests of two lattices")
	}
	word := make([]byte, 8)
	if _, err := io.ReadFull(a.Sys.Random, word); err != nil {
		return err
	}
	ways, err := isolation.Try(ctx, sides[0], sides[1], hex.EncodeToString(word), betweenLattices)
	if err != nil {
		return err
	}
	return a.showIsolation(sides, ways)
}

// side connects as the first host of the lattice that logs in.
func (a verbs) side(ctx context.Context, file *lattice.Document, at access.Place) (side isolation.Side, end func(), err error) {
	m := file.Manifest()
	store, err := a.KeystoreOf(file)
	if err != nil {
		return side, nil, err
	}
	resolver := credentials.NewResolver(m, a.FilesOf(file), a.SeedsOf(store))
	defer resolver.Wipe()
	for _, h := range m.Hosts {
		connections := m.NATSOf(h)
		if !connections.For(wasmcloud.Control).LogsIn() || !connections.For(wasmcloud.RPC).LogsIn() {
			continue
		}
		setup := credentials.SetupOf(m, h)
		side = isolation.Side{Lattice: m.Lattice, API: setup.API()}
		side.ControlSubject = func(token string) string {
			return setup.Target.SpareControlSubject(m.Lattice, setup.TopicPrefix, token)
		}
		side.RPCSubject = func(token string) string { return setup.Target.CallSubject(m.Lattice, token) }
		for _, s := range setup.Target.Stores(m.Lattice) {
			side.Buckets = append(side.Buckets, s.Stream)
		}
		if user, err := resolver.UserOf(ctx)(connections.For(wasmcloud.Control)); err == nil {
			side.Account = user.Account
		}
		if side.Control, err = a.connectAs(ctx, resolver, m, h, wasmcloud.Control, at); err != nil {
			return side, nil, err
		}
		if side.RPC, err = a.connectAs(ctx, resolver, m, h, wasmcloud.RPC, at); err != nil {
			side.Control.Close()
			return side, nil, err
		}
		return side, func() { side.Control.Close(); side.RPC.Close() }, nil
	}
	return side, nil, fault.New(fault.NotFound, "no host of %s has credentials for NATS: the lattice cannot be told from others", file.Path()).
		WithHint("latch nats users issue -m %s", file.Path())
}

// connectAs connects as the host does.
func (a verbs) connectAs(ctx context.Context, resolver *credentials.Resolver, m lattice.Manifest, h lattice.Host, p wasmcloud.Purpose, at access.Place) (*natsconn.Conn, error) {
	login, err := resolver.Connect(ctx, h, p)
	if err != nil {
		return nil, err
	}
	c := m.NATSOf(h).For(p)
	o := natsconn.Options{Dial: a.Sys.Dial, Name: "latch", Login: login, Server: natsconn.Server{
		URLs: []string{"nats://" + c.Address()}, TLS: natsconn.TLS{Required: c.TLS == lattice.On, CA: at.CA},
	}}
	if len(at.URLs) > 0 {
		o.Server.URLs = at.URLs
	}
	return natsconn.Connect(ctx, o)
}

func (a verbs) showIsolation(sides []isolation.Side, ways []isolation.Way) error {
	isolated, tried := isolation.Isolated(ways)
	doc := struct {
		OK       bool          `json:"ok"`
		Lattices []string      `json:"lattices"`
		Ways     []wayDocument `json:"ways"`
	}{isolated && tried, []string{sides[0].Lattice, sides[1].Lattice}, nil}
	rows := make([][]string, len(ways))
	for i, w := range ways {
		doc.Ways = append(doc.Ways, wayDocument{w.From, w.To, w.Kind, w.Outcome, w.Why})
		rows[i] = []string{w.From, w.To, string(w.Kind), string(w.Outcome), w.Why}
	}
	err := a.Show(doc, func(w io.Writer) {
		terminal.Table(w, a.Width(), []string{"FROM", "TO", "WAY", "OUTCOME", "WHY"}, rows)
		fmt.Fprintln(w, verdictOn(sides, isolated, tried))
	})
	switch {
	case err != nil:
		return err
	case !isolated:
		a.Say("Permissions are no wall between lattices: give each an account of its own, with latch nats users issue --account-per-lattice.")
		return app.No()
	case !tried:
		return app.ExitWith(fault.Unavailable.ExitCode())
	}
	return nil
}

// verdictOn says it all in one line.
func verdictOn(sides []isolation.Side, isolated, tried bool) string {
	pair := sides[0].Lattice + " and " + sides[1].Lattice
	switch {
	case !isolated:
		return pair + " are not isolated"
	case !tried:
		return pair + " may be isolated: not every way could be tried"
	}
	return pair + " are isolated"
}
