package invocationtest

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Host is a host with one actor, whose key follows from the host's name.
type Host struct {
	Name, Key, Lattice string
	OTP                bool
	Issuers            []string // what it accepts, as texts
	Signs              string   // as it says it
}

// Answer has somebody answer on a subject; nil is silence.
type Answer = func(subject string, with func(data []byte) []byte) error

// Run has the host say what runs on it, and its actor answer calls.
func (h Host) Run(answer Answer) error {
	actor := KeyOf(h.Name, keys.Module)
	err := answer(wasmcloud.InventorySubject(h.Lattice, "", h.Key), func([]byte) []byte { return h.inventory(actor) })
	return errors.Join(err, answer("wasmbus.rpc."+h.Lattice+"."+actor, h.answer))
}

// KeyOf is a public key that follows from a name.
func KeyOf(name string, kind keys.Kind) string {
	seed, err := keys.Generate(kind, rand.NewChaCha8(sha256.Sum256([]byte(name+kind.String()))))
	if err != nil {
		panic(err)
	}
	return seed.PublicKey().String()
}

// inventory is what a Rust host 0.82 answers; Source: wasmCloud v0.82.0
// crates/control-interface/src/types/host.rs.
func (h Host) inventory(actor string) []byte {
	text, err := json.Marshal(map[string]any{
		"host_id": h.Key, "issuer": h.Signs, "friendly_name": h.Name, "labels": map[string]string{},
		"actors":    []any{map[string]any{"id": actor, "image_ref": "example.com/actor:1", "name": "actor", "instances": []any{}}},
		"providers": []any{},
	})
	if err != nil {
		panic(err)
	}
	return text
}

// answer is what a host makes of a call: the real check's verdict, and behind it
// that nobody knows the caller.
func (h Host) answer(data []byte) []byte {
	as := invocation.Rust
	if h.OTP {
		as = invocation.OTP
	}
	report := invocation.NewVerifier(as, h.Issuers, nil).Verify(data, time.Now())
	response := invocation.Response{ID: report.Message.ID}
	switch {
	case report.Verdict == invocation.Panics:
		return nil // and the actor is gone
	case report.Verdict == invocation.Undecodable:
		response.ID, response.Error = "UNKNOWN", report.First.Host
	case report.Verdict == invocation.Refused && h.OTP:
		response.Error = "Anti-forgery check failed: " + report.First.Host
	case report.Verdict == invocation.Refused:
		response.Error = report.First.Host
	case h.OTP:
		response.Error = "Invocation source does not have the required capability claim " + report.Message.Origin.ContractID
	default:
		response.Error = "failed to look up claims for origin"
	}
	answer, err := invocation.EncodeResponse(response)
	if err != nil {
		panic(err)
	}
	return answer
}
