package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// Server is one of a cluster, as it describes itself.
type Server struct {
	ID, Name, Version string
	MaxPayload        int64
	Operators         []keys.PublicKey // whose signature on an account it trusts
}

// varz is the part of a server's description that is looked at. Source: nats-server
// v2.15 server/monitor.go.
type varz struct {
	MaxPayload int64 `json:"max_payload"`
	Operators  []struct {
		Subject string `json:"sub"`
		NATS    struct {
			SigningKeys []string `json:"signing_keys"`
			Strict      bool     `json:"strict_signing_key_usage"`
		} `json:"nats"`
	} `json:"trusted_operators_claim"`
}

// List finds the servers that are up. It refuses where they keep no accounts for
// others to change: there is no operator, or this user is none of the system account.
func (s Servers) List(ctx context.Context) ([]Server, error) {
	active, err := s.active(ctx)
	var answers []envelope
	if err == nil {
		next, enough := s.Wait, atLeast(active)
		if active == 0 {
			next, enough = s.Quiet, endless
		}
		answers, err = s.askEach(ctx, "$SYS.REQ.SERVER.PING.VARZ", nil, next, enough)
	}
	if errors.Is(err, errNobody) {
		return nil, fault.New(fault.Refused, "this user may not ask the NATS servers about accounts: it does not belong to their system account").
			WithHint("connect as a user of the system account: --creds FILE")
	}
	if err != nil {
		return nil, err
	}
	var all []Server
	for _, answer := range answers {
		var v varz
		if err := json.Unmarshal(answer.Data, &v); err != nil {
			return nil, s.failed(err)
		}
		one := Server{answer.Server.ID, answer.Server.Name, answer.Server.Version, v.MaxPayload, v.trusted()}
		if len(one.Operators) == 0 {
			return nil, fault.New(fault.Refused, "the NATS server %s is not in operator mode: its users stand in its own configuration", one.Name).
				WithHint("latch nats users config writes users for such a server; take one out there to revoke it")
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Server) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// active is how many servers the first that answers knows, itself among them, or 0
// where it does not say. Source: nats-server v2.15 server/events.go.
func (s Servers) active(ctx context.Context) (int, error) {
	answers, err := s.ask(ctx, "$SYS.REQ.SERVER.PING", nil, s.Wait, atLeast(1))
	if err != nil {
		return 0, err
	}
	var told struct {
		Stats struct {
			Active int `json:"active_servers"`
		} `json:"statsz"`
	}
	if err := json.Unmarshal(answers[0], &told); err != nil {
		return 0, s.failed(err)
	}
	return told.Stats.Active, nil
}

func (v varz) trusted() []keys.PublicKey {
	var trusted []keys.PublicKey
	for _, operator := range v.Operators {
		words := operator.NATS.SigningKeys
		if !operator.NATS.Strict {
			words = append([]string{operator.Subject}, words...)
		}
		for _, word := range words {
			if key, err := keys.ParsePublicKey(word, keys.Operator); err == nil {
				trusted = append(trusted, key)
			}
		}
	}
	return trusted
}
