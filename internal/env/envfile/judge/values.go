package judge

import (
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// values judges what is to be a number or a switch, and finds seeds where they
// do not belong.
func (h *host) values() {
	h.judgeTopic()
	for _, e := range h.Entries {
		if !hostenv.Concerns(e.Name) || h.flawed[place{e.Path, e.Line}] || e.Expanded {
			continue
		}
		name := e.Name
		switch {
		case strings.HasSuffix(name, "_PORT"):
			h.number(e, 1, 65535, "a port: 1 to 65535")
		case strings.HasSuffix(name, "_TIMEOUT_MS") || strings.HasSuffix(name, "_DELAY_MS"):
			h.number(e, 0, 1<<31, "a number of milliseconds")
		case strings.HasSuffix(name, "_TLS"):
			h.tls(e)
		case !h.takesSeed(name) && name != wasmcloud.ClusterIssuers && name != prefixName && name != latticeName && keys.MayHoldSeed(e.Value()):
			h.at(e, lattice.SeverityError, RuleExposed, "the value of "+name+" is, or nearly is, a seed, and hosts do not keep it secret", "treat the seed as exposed: make a new one")
		}
	}
}

func (h *host) number(e hostenv.Entry, least, most int, what string) {
	n, err := strconv.Atoi(string(e.Value()))
	if err != nil || n < least || n > most {
		h.at(e, lattice.SeverityError, RuleNumber, e.Name+" is not "+what+": the host does not start", "write digits only")
	}
}

// purposeOf is what the connection is for that the TLS switch belongs to.
func purposeOf(name string) wasmcloud.Purpose {
	for _, p := range wasmcloud.Purposes() {
		if p.Variables().TLS == name {
			return p
		}
	}
	return wasmcloud.RPC
}

// tls judges a switch. Source: OTP 0.51 to 0.59 reads a whole number and crashes
// on text, as every OTP version does for PROV_RPC; 0.60 and later take words too;
// Rust hosts take true and false and exit on 1.
func (h *host) tls(e hostenv.Entry) {
	value := string(e.Value())
	number := value == "0" || value == "1"
	word := value == "true" || value == "false"
	onlyNumbers := h.Target.ReadsSwitchAsNumber(purposeOf(e.Name))
	switch {
	case h.isRust() && !word:
		h.at(e, lattice.SeverityError, RuleSwitch, e.Name+" is neither true nor false: a Rust host does not start", "write true or false")
	case onlyNumbers && !number:
		h.at(e, lattice.SeverityError, RuleSwitch, e.Name+" is neither 0 nor 1: an OTP host crashes", "write 0 or 1")
	case h.Target.IsZero() && !word && !number:
		h.at(e, lattice.SeverityError, RuleSwitch, e.Name+" is neither true nor false: a Rust host does not start", "write true or false; 1 or 0 for OTP before 0.60")
	case h.Target.IsZero() && number:
		h.at(e, lattice.SeverityWarning, RuleSwitch, e.Name+" is a number: right for OTP hosts, but a Rust host does not start", "say what the hosts run: --target")
	}
}
