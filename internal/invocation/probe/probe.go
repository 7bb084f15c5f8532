package probe

import (
	"io"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// The call that a probe makes: of a contract and an operation that nobody has.
const (
	Contract  = "latch:probe"
	Operation = "Latch.Probe"
	link      = "default"
)

// Callee is what a probe calls: an actor, or a provider by its link.
type Callee struct {
	Key      string `json:"public_key"`
	Link     string `json:"link_name,omitempty"` // "" for an actor
	Contract string `json:"contract_id,omitempty"`
}

// IsActor tells an actor from a provider.
func (c Callee) IsActor() bool { return c.Link == "" }

// Subject is where calls of it go.
func (c Callee) Subject(lattice string) string {
	if !c.IsActor() {
		return wasmcloud.ProviderSubject(lattice, c.Key, c.Link)
	}
	return wasmcloud.Target{}.CallSubject(lattice, c.Key)
}

// Sender is in whose name the probe calls.
type Sender struct {
	HostID string // as hosts of its version give it: see HostIDOf
	Signer invocation.Key
	Issuer string // the public key of Signer
}

// HostIDOf is what a host gives for its ID in a call: OTP hosts their cluster key,
// Rust hosts their own.
func HostIDOf(otp bool, host, cluster string) string {
	if otp {
		return cluster
	}
	return host
}

// Call makes the call, signed at a time in seconds since 1970. To an actor it comes
// as from a provider, whose contract the actor does not have and whom the lattice
// does not know; to a provider as from an actor that is not linked to it.
func Call(to Callee, from Sender, at uint64, random io.Reader) (invocation.Message, error) {
	kind := keys.Service
	if !to.IsActor() {
		kind = keys.Module
	}
	nobody, err := keys.Generate(kind, random)
	if err != nil {
		return invocation.Message{}, err
	}
	defer nobody.Wipe()
	m := invocation.Message{
		Origin:    invocation.Entity{PublicKey: nobody.PublicKey().String()},
		Target:    invocation.Entity{PublicKey: to.Key, LinkName: to.Link, ContractID: to.Contract},
		Operation: Operation, HostID: from.HostID, Msg: []byte{}, ContentLength: new(uint64),
	}
	if to.IsActor() {
		m.Origin.LinkName, m.Origin.ContractID = link, Contract
	}
	if m.ID, err = invocation.NewID(random); err != nil {
		return m, err
	}
	token, err := invocation.NewTokenID(random)
	if err != nil {
		return m, err
	}
	m.Claims, err = invocation.Sign(invocation.NewClaims(m, from.Issuer, token, at), from.Signer)
	return m, err
}
