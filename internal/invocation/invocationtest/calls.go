package invocationtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Calls is the command calls: each host whose env file is named calls the actor of
// the first, again and again until the process is ended, or for an hour. Once all have
// called there is a file URL-FILE.called.
//
//	calls URL-FILE PAUSE FILE.env...
func Calls(ctx context.Context, args []string) error {
	if len(args) < 3 {
		return errors.New("usage: calls URL-FILE PAUSE FILE.env, which may be several")
	}
	address, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	pause, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	conn, err := natsconn.Connect(ctx, natsconn.Options{
		Server: natsconn.Server{URLs: []string{strings.TrimSpace(string(address))}}, Name: "calls",
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, address)
		},
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	var callers []Caller
	for _, path := range args[2:] {
		caller, err := ReadCaller(path)
		if err != nil {
			return err
		}
		callers = append(callers, caller)
	}
	for begun := time.Now(); time.Since(begun) < time.Hour; time.Sleep(pause) {
		for _, caller := range callers {
			call, err := caller.Call(callers[0].Name)
			if err != nil {
				return err
			}
			if err := conn.Publish("wasmbus.rpc."+caller.Lattice+"."+KeyOf(callers[0].Name, keys.Module), call); err != nil {
				return err
			}
		}
		if err := os.WriteFile(args[0]+".called", nil, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Caller is a host that makes calls.
type Caller struct {
	Name, Lattice string
	Signer        keys.Signer
}

// ReadCaller makes a caller of an env file that latch wrote.
func ReadCaller(path string) (Caller, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Caller{}, err
	}
	caller := Caller{Name: strings.TrimSuffix(filepath.Base(path), ".env"), Lattice: "default"}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "WASMCLOUD_LATTICE", "WASMCLOUD_LATTICE_PREFIX":
			caller.Lattice = value
		case "WASMCLOUD_CLUSTER_SEED":
			seed, err := keys.ParseSeed([]byte(value), keys.Cluster)
			if err != nil {
				return Caller{}, err
			}
			if caller.Signer, err = seed.Signer(); err != nil {
				return Caller{}, err
			}
		}
	}
	if caller.Signer.PublicKey().IsZero() {
		return Caller{}, fmt.Errorf("%s has no cluster seed", path)
	}
	return caller, nil
}

// Call is a call of the host's actor to that of another, signed.
func (c Caller) Call(to string) ([]byte, error) {
	id, err := invocation.NewID(rand.Reader)
	if err != nil {
		return nil, err
	}
	payload := []byte("ping")
	length := uint64(len(payload))
	m := invocation.Message{
		Origin: invocation.Entity{PublicKey: KeyOf(c.Name, keys.Module)}, Target: invocation.Entity{PublicKey: KeyOf(to, keys.Module)},
		Operation: "Ping.Ping", Msg: payload, ID: id, HostID: KeyOf(c.Name, keys.Server), ContentLength: &length,
	}
	claims := invocation.NewClaims(m, c.Signer.PublicKey().String(), strings.Repeat("A", 22), uint64(time.Now().Unix()))
	if m.Claims, err = invocation.Sign(claims, c.Signer); err != nil {
		return nil, err
	}
	return invocation.Encode(m)
}
