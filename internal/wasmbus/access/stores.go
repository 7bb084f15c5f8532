package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Store is what JetStream says of a stream that hosts keep their lattice in.
type Store struct {
	Stream   string
	Exists   bool
	Created  time.Time
	Replicas int
	Leader   string   // of a cluster, "" for a single server
	Behind   []string // servers of the cluster that are offline or not up to date
}

// The outcomes of asking.
var (
	errForbidden = errors.New("forbidden")
	errSilent    = errors.New("no answer")
)

// ask asks on a subject and gives the answer, or why there is none.
func (v *visit) ask(ctx context.Context, subject string, data []byte) ([]byte, error) {
	return v.askTimes(ctx, subject, data, 1)
}

// askTimes asks so many times while the time for an answer goes by: servers that have no
// leader for the moment answer nobody.
func (v *visit) askTimes(ctx context.Context, subject string, data []byte, times int) ([]byte, error) {
	inbox, err := v.conn.SubscribeSync(v.conn.NewInbox())
	if err != nil {
		return nil, err
	}
	defer func() { _ = inbox.Unsubscribe() }()
	for range times {
		if err := v.conn.PublishRequest(subject, inbox.Subject, data); err != nil {
			return nil, err
		}
		if err := v.conn.Settle(ctx); err != nil {
			return nil, err
		}
		if v.forbidden(wasmcloud.Publish, subject) {
			return nil, errForbidden
		}
		within, cancel := context.WithTimeout(ctx, v.Wait/time.Duration(times))
		m, err := inbox.NextMsgWithContext(within)
		cancel()
		switch {
		case err == nil:
			return m.Data, nil
		case ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded):
			return nil, err
		}
	}
	return nil, errSilent
}

// streamInfo is the part of JetStream's answer that is looked at. Source:
// nats-server v2.15 server/jetstream_api.go.
type streamInfo struct {
	Error *struct {
		Code        int    `json:"code"`
		Description string `json:"description"`
	} `json:"error"`
	Created time.Time `json:"created"`
	Time    time.Time `json:"ts"`
	Config  struct {
		Replicas int `json:"num_replicas"`
	} `json:"config"`
	Cluster *struct {
		Leader   string `json:"leader"`
		Replicas []struct {
			Name    string `json:"name"`
			Current bool   `json:"current"`
			Offline bool   `json:"offline"`
		} `json:"replicas"`
	} `json:"cluster"`
}

// askStores asks JetStream for the streams of the lattice, which changes nothing.
// What is asked for need not be there: hosts make it.
func (v *visit) askStores(ctx context.Context) error {
	if v.has(RuleSubscribe) {
		return nil // the answers would not be heard
	}
	for _, store := range v.Setup.Target.Stores(v.Setup.Lattice) {
		if store.IsObject() {
			continue // only where payloads are large
		}
		subject := v.Setup.API() + ".STREAM.INFO." + store.Stream
		begun := v.Now()
		answer, err := v.askTimes(ctx, subject, nil, 4)
		switch {
		case errors.Is(err, errForbidden):
			if v.needs.Allows(wasmcloud.Publish, subject) {
				v.lacks(wasmcloud.Publish, subject)
			}
		case errors.Is(err, errSilent), errors.Is(err, nats.ErrNoResponders):
			v.noJetStream()
			return nil
		case err != nil:
			return err
		case !v.takeStore(store.Stream, answer, begun):
			return nil
		}
	}
	return nil
}

// noJetStream notes that JetStream does not answer. Source: it answers on
// $JS.DOMAIN.API where a server has that domain, and without one on $JS.API.
func (v *visit) noJetStream() {
	const hint = "turn JetStream on for the servers and the account, in the domain that js_domain says"
	if domain := v.Setup.JetStreamDomain; domain != "" {
		v.wrong(RuleJetStream, "JetStream does not answer in the domain "+domain, hint)
		return
	}
	v.wrong(RuleJetStream, "JetStream does not answer", hint)
}

// takeStore reads what JetStream says of a stream. It reports whether JetStream can
// be asked for another.
func (v *visit) takeStore(stream string, answer []byte, begun time.Time) bool {
	const notFound = 404
	var info streamInfo
	if err := json.Unmarshal(answer, &info); err != nil {
		v.wrong(RuleJetStream, "what answers for JetStream is not JetStream", "see who else listens on "+v.Setup.API()+".>")
		return false
	}
	v.tells(info.Time, begun)
	store := Store{Stream: stream, Exists: info.Error == nil, Created: info.Created, Replicas: info.Config.Replicas}
	if info.Error != nil && info.Error.Code != notFound {
		v.wrong(RuleJetStream, fmt.Sprintf("JetStream says of %s: %s", stream, info.Error.Description), "turn JetStream on for the account, and see that its cluster has a leader")
		return false
	}
	if info.Cluster != nil {
		store.Leader = info.Cluster.Leader
		for _, r := range info.Cluster.Replicas {
			if r.Offline || !r.Current {
				store.Behind = append(store.Behind, r.Name)
			}
		}
	}
	v.Stores = append(v.Stores, store)
	switch {
	case !store.Exists:
	case store.Replicas > 1 && store.Leader == "":
		v.wrong(RuleJetStream, stream+" has no leader: nothing can be written to it", "see that more than half of its servers are up")
	case len(store.Behind) > 0:
		v.doubtful(RuleJetStream, stream+" is behind, or not there, on "+strings.Join(store.Behind, ", "), "see whether these servers are up")
	}
	return true
}

// compareStores notes hosts whose streams are not those of the others, although they
// have the same names: those of another domain or account.
func compareStores(results []Result) {
	type origin struct {
		created time.Time
		of      string
	}
	first := map[string]origin{}
	for i := range results {
		r := &results[i]
		for _, s := range r.Stores {
			known, seen := first[r.Setup.Lattice+" "+s.Stream]
			switch {
			case !s.Exists:
			case !seen:
				first[r.Setup.Lattice+" "+s.Stream] = origin{s.Created, whose(r.Hosts)}
			case !known.created.Equal(s.Created):
				r.wrong(RuleJetStream, fmt.Sprintf("its %s is not that of %s: they do not share claims and links", s.Stream, known.of), "give all hosts the same js_domain and one account")
			}
		}
	}
}
