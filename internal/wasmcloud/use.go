package wasmcloud

import "slices"

// Action is what somebody does on a subject.
type Action uint8

// The actions.
const (
	Publish   Action = iota // send to it
	Subscribe               // receive from it
	Respond                 // answer whoever asks, on a subject that the asker names
)

// String is the action's name.
func (a Action) String() string { return [...]string{"publish", "subscribe", "respond"}[a] }

// Use is one thing that a program of a lattice does on NATS. Its subject holds
// places in braces, see Place.
type Use struct {
	Action  Action
	Subject string // exactly what the program sends to or receives from
	Within  string // what to allow where a place of Subject is not known beforehand; "" for Subject itself
	Reason  string
	Option  Option // what must be turned on for it to happen

	otp, rust spans
}

// Place is what stands in braces in the subject of a Use, to be filled in.
type Place string

// The places.
const (
	LatticePlace       Place = "{lattice}"
	TopicPrefixPlace   Place = "{ctl}"      // begins the subjects of control commands
	APIPlace           Place = "{api}"      // of JetStream: $JS.API, or $JS.DOMAIN.API
	KeyValuePlace      Place = "{kv}"       // $KV, or $JS.DOMAIN.API.$KV
	HostPlace          Place = "{host}"     // the public key of the host
	ProviderPlace      Place = "{provider}" // the public key of a provider; from 1.0 on its name
	PolicyPlace        Place = "{policy}"
	PolicyChangesPlace Place = "{policy-changes}"
	SecretsPlace       Place = "{secrets}"
)

// Uses lists what a user of the role does where hosts of the target run.
func (t Target) Uses(r Role) []Use {
	rows := usesOf(r)
	switch {
	case r == RPCUser && !t.ReadsProviderRPC():
		rows = append(rows, usesOf(ProviderUser)...) // providers are given the host's own
	case r == ProviderRPCUser && !t.ReadsProviderRPC():
		return nil
	case r == ProviderRPCUser:
		rows = append(rows, usesOf(ProviderUser)...)
	}
	return slices.DeleteFunc(rows, func(u Use) bool {
		return !Variable{otp: u.otp, rust: u.rust}.ReadBy(t)
	})
}

func usesOf(r Role) []Use {
	switch r {
	case ControlUser:
		return slices.Concat(controlUses(), eventUses(), cacheUses(), serviceUses())
	case RPCUser:
		return slices.Concat(rpcUses(), chunkUses())
	case ProviderRPCUser:
		return providerLinkUses()
	case ProviderUser:
		return slices.Concat(providerUses(), providerChunkUses())
	case OperatorUser:
		return slices.Concat(operatorUses(), askingUses())
	case ObserverUser:
		return slices.Concat(observerUses(), askingUses())
	case LatchUser:
		return slices.Concat(observerUses(), latchUses(), askingUses())
	}
	return nil
}

// everywhere makes rows those of every release.
func everywhere(rows []Use) []Use {
	for i := range rows {
		rows[i].otp, rows[i].rust = everyOTP(), everyRust()
	}
	return rows
}

// oldRust are the Rust hosts before 1.0 changed every subject, newRust those from
// then on.
func oldRust() spans { return clusterRust() }
func newRust() spans { return since(1, 0, 0) }

// inbox is where answers come in. Clients choose a name below it at random, and
// hosts cannot be told another beginning.
const inbox = "_INBOX.>"

// JetStreamAPI begins the subjects of JetStream's API, where it has no domain.
const JetStreamAPI = "$JS.API"
