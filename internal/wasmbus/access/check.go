package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Check is how connections are checked.
type Check struct {
	Dial     natsconn.Dial
	Now      func() time.Time
	Word     string        // of this run alone: part of one token of its subjects
	Wait     time.Duration // for each server, and for each message
	Parallel int           // how many connections are open at once
	Write    bool          // JetStream is to keep a message, for a moment
}

// The bounds of a check that nobody says otherwise.
const (
	DefaultWait     = 2 * time.Second
	DefaultParallel = 32
)

// Run checks connections: each alone, then whether they reach one topic space. What
// the context leaves no time for is noted as not tried.
func (c Check) Run(ctx context.Context, all []Connection) Report {
	results := make([]Result, len(all))
	for _, wave := range waves(all) {
		c.each(len(wave), func(k int) {
			i := wave[k]
			results[i] = Result{Connection: all[i]}
			c.try(ctx, &results[i], i)
		})
	}
	c.findSpaces(ctx, results)
	c.tryServers(ctx, results)
	if c.Write {
		c.proveWrites(ctx, results)
	}
	compareStores(results)
	compareClocks(results)
	return Report{Results: results}
}

// waves puts the first connection to each account before the others: a server loads
// an account when its first user comes, and two at once can leave it without
// JetStream and without answers about its users (seen with nats-server 2.15).
func waves(all []Connection) [2][]int {
	var split [2][]int
	met := map[keys.PublicKey]bool{}
	for i, c := range all {
		account := c.User.Account
		later := 0
		if met[account] && !account.IsZero() {
			later = 1
		}
		met[account] = true
		split[later] = append(split[later], i)
	}
	return split
}

// each does something for every index, as many at once as connections may be open.
func (c Check) each(count int, do func(i int)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range min(c.Parallel, count) {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range count {
		next <- i
	}
	close(next)
	all.Wait()
}

// connect connects as the hosts would, to the servers that they are told of. Where those
// turn somebody away, the others of their cluster are no proof that they let it in.
func (c Check) connect(ctx context.Context, to Connection) (*natsconn.Conn, error) {
	conn, err := natsconn.Connect(ctx, c.options(to))
	if err == nil && slices.Contains(conn.DiscoveredServers(), conn.ConnectedUrl()) {
		conn.Close()
		return c.connectAlone(ctx, to)
	}
	return conn, err
}

// connectAlone hears nothing of the others of the cluster.
func (c Check) connectAlone(ctx context.Context, to Connection) (*natsconn.Conn, error) {
	o := c.options(to)
	o.Alone = true
	return natsconn.Connect(ctx, o)
}

func (c Check) options(to Connection) natsconn.Options {
	return natsconn.Options{Server: to.Server, Login: to.Login, Dial: c.Dial, Name: "latch nats check", Timeout: c.Wait}
}

// try checks one connection by itself.
func (c Check) try(ctx context.Context, r *Result, number int) {
	switch {
	case r.Missing != nil:
		r.missing()
		return
	case ctx.Err() != nil:
		r.late()
		return
	}
	conn, err := c.connect(ctx, r.Connection)
	if err != nil {
		c.unconnected(ctx, r, err)
		return
	}
	defer conn.Close()
	r.Connected = true
	c.validity(r)
	v := &visit{Check: c, Result: r, conn: conn, own: c.subjects(r.Connection, fmt.Sprintf("%d", number))}
	if err := v.look(ctx); err != nil {
		v.interrupted(ctx, err)
	}
}

// subjects are those of one connection, on which nobody else sends or listens.
type subjects struct{ hears, sends string }

// subjects are of the lattice, with a token of our own where a host has the name of
// a component, a provider or a question: what hosts are allowed at the least is
// enough for them. On those of control commands nothing is ever sent.
func (c Check) subjects(to Connection, name string) subjects {
	token := ownToken + c.Word + "-" + name
	s := to.Setup
	call := s.Target.CallSubject(s.Lattice, token)
	switch to.Purpose {
	case wasmcloud.Control:
		return subjects{hears: s.Target.QuestionSubject(s.Lattice, s.TopicPrefix, token)}
	case wasmcloud.ProviderRPC:
		return subjects{wasmcloud.ProviderSubject(s.Lattice, token, "default"), call}
	default:
		return subjects{call, call}
	}
}

// ownToken begins the token of our own in subjects.
const ownToken = "latch-check-"

// pattern is a subject with a wildcard in the place of a token of our own, as
// permissions have it.
func pattern(subject string) string {
	tokens := strings.Split(subject, ".")
	for i, token := range tokens {
		if strings.HasPrefix(token, ownToken) {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, ".")
}
