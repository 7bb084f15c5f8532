package wasmbus

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Inventory is what runs on a host.
type Inventory struct {
	Actors    []Running
	Providers []Running
}

// Running is an actor, or a provider under a link.
type Running struct {
	ID       string `json:"id"`
	Link     string `json:"link_name"`
	Contract string `json:"contract_id"`
}

// mostRunning bounds what is kept of one host.
const mostRunning = 10_000

// TakeStock asks a host what runs on it.
func TakeStock(ctx context.Context, conn *natsconn.Conn, latticePrefix, topic string, host keys.PublicKey, patience time.Duration) (Inventory, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	subject := wasmcloud.InventorySubject(latticePrefix, topic, host.String())
	answer, err := conn.RequestWithContext(ctx, subject, nil)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return Inventory{}, fault.New(fault.NotFound, "the host %s does not listen to %s", host, subject).WithHint("latch lattice status")
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return Inventory{}, fault.New(fault.Unavailable, "the host %s did not say within %s what runs on it", host, patience).
			WithHint("the user may have to be allowed to publish to %s; for slow hosts: --timeout 10s", subject)
	case err != nil:
		return Inventory{}, fault.New(fault.Unavailable, "the host %s could not be asked what runs on it", host).Because(err)
	}
	all, err := readInventory(answer.Data)
	if err != nil {
		return Inventory{}, fault.New(fault.Failed, "what the host %s says that it runs cannot be read", host).Because(err).WithHint("latch lattice status")
	}
	return all, nil
}

// readInventory reads what hosts before 1.0 answer, as far as it can be called: by the
// key of an actor, or that of a provider and a link.
func readInventory(data []byte) (Inventory, error) {
	if err := checkBounds(data, mostInventoryBytes, mostInventoryMembers); err != nil {
		return Inventory{}, err
	}
	outer, err := readObject(data)
	if err != nil {
		return Inventory{}, err
	}
	inner, _, err := unwrap(outer)
	if err != nil {
		return Inventory{}, err
	}
	var all Inventory
	for _, part := range []struct {
		name string
		kind keys.Kind
		into *[]Running
	}{{"actors", keys.Module, &all.Actors}, {"providers", keys.Service, &all.Providers}} {
		if !inner.has(part.name) {
			continue
		}
		if err := json.Unmarshal(inner[part.name], part.into); err != nil || len(*part.into) > mostRunning {
			return Inventory{}, malformed("its %s cannot be read", part.name)
		}
		*part.into = slices.DeleteFunc(*part.into, func(r Running) bool { return !r.callable(part.kind) })
	}
	return all, nil
}

// callable reports whether key and link are what hosts have there, each one token of
// the subject that calls go to: else a host could name any other, such as the one where
// a provider is told to shut down.
func (r Running) callable(kind keys.Kind) bool {
	return keys.WellSpelled(r.ID, kind) && len(r.Link) <= longestText && !strings.ContainsAny(r.Link, ".*> ") && printable.Line(r.Link) == r.Link
}

// Call sends a call and gives the bytes of the answer.
func Call(ctx context.Context, conn *natsconn.Conn, subject string, call []byte, patience time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := conn.RequestWithContext(ctx, subject, call)
	switch {
	case err == nil:
		return answer.Data, nil
	case errors.Is(err, nats.ErrNoResponders):
		return nil, fault.New(fault.NotFound, "nobody listens to %s", subject).WithHint("it has stopped, or calls go over another server or account: --nats URL, --as HOST")
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fault.New(fault.Unavailable, "no answer came from %s within %s", subject, patience).
			WithHint("the user may have to be allowed to publish to it; for slow hosts: --timeout 10s")
	}
	return nil, fault.New(fault.Unavailable, "the call could not be sent").Because(err)
}
