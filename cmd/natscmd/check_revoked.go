package natscmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/credentials/accounts"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus/access"
)

// revokedLetIn finds the users that the manifest has revoked and that a server of its
// hosts lets in nevertheless: their revocation never came there, or somebody has
// pushed an older account since. Users whose seed or JWT is not at hand are passed
// over; those that a host still logs in as are checked with their host.
func (a verbs) revokedLetIn(ctx context.Context, file *lattice.Document, r access.Report) []finding.Finding {
	m := file.Manifest()
	revoked := m.NATSUsers.Current(a.Sys.Now()).Revoked
	if len(revoked) == 0 {
		return nil
	}
	store, err := a.KeystoreOf(file)
	if err != nil {
		return nil
	}
	resolver := credentials.NewResolver(m, a.FilesOf(file), a.SeedsOf(store))
	defer resolver.Wipe()
	used := users.FindInUse(m, resolver.UserOf(ctx))
	servers := serversIn(r)
	var found []finding.Finding
	for _, user := range revoked {
		login, err := resolver.ConnectBy(ctx, lattice.Connection{Seed: user.Seed, JWT: users.JWTFile(user.Seed)})
		if user.Seed == "" || err != nil || used.Has(user.PublicKey) {
			continue
		}
		o := natsconn.Options{Dial: a.Sys.Dial, Name: "latch", Login: login}
		servers = slices.DeleteFunc(servers, func(server natsconn.Server) bool {
			o.Server = server
			one := accounts.LetIn(ctx, o, server.URLs)[0]
			if one.In {
				found = append(found, finding.Finding{
					File: file.Path(), Severity: finding.Error, Rule: lattice.RuleJWT,
					Message: fmt.Sprintf("%s lets the revoked user %s of host %s in, for %s: its account lacks the revocation of %s", one.URL, user.PublicKey, user.Host, user.For, user.At.Format("2006-01-02")),
					Hint:    "latch nats users revoke " + user.PublicKey.String() + " --push",
				})
			}
			return one.Err != nil // it is out of reach for the next user too
		})
	}
	return found
}

// serversIn are those that were checked and the others of their clusters, each once and
// by itself.
func serversIn(r access.Report) []natsconn.Server {
	var all []natsconn.Server
	for _, one := range r.Results {
		for _, url := range slices.Concat(one.Server.URLs, one.Servers) {
			server := natsconn.Server{URLs: []string{url}, TLS: one.Server.TLS}
			if !slices.ContainsFunc(all, func(s natsconn.Server) bool { return s.URLs[0] == url }) {
				all = append(all, server)
			}
		}
	}
	return all
}
