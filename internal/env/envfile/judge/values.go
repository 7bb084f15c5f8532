package judge

import (
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// values judges values by the form that hosts want them in, and finds seeds where
// they do not belong.
func (h *host) values() {
	h.judgeTopic()
	for _, e := range h.Counting() {
		if !hostenv.Concerns(e.Name) || h.flawed[place{e.Path, e.Line}] || e.Expanded || len(e.Value()) == 0 {
			continue
		}
		v, known := h.known.Lookup(e.Name)
		switch {
		case h.exposed(e):
		case !known || !h.Target.IsZero() && !v.ReadBy(h.Target):
		case strings.HasSuffix(e.Name, "_PORT"):
			h.number(e, 1, 65535, "a port: 1 to 65535")
		case v.Form == "milliseconds" || v.Form == "seconds" || v.Form == "bytes":
			h.number(e, 0, 1<<62, "a number of "+v.Form)
		case v.Form == "a number":
			h.number(e, 0, 1<<31, "a number")
		case strings.HasSuffix(e.Name, "_TLS"):
			h.tls(e)
		case strings.HasPrefix(v.Form, "true or false"):
			h.boolean(e)
		case strings.Contains(v.Form, "warn, error") || strings.Contains(v.Form, "info, warn"):
			h.level(e)
		}
	}
}

// exposed finds a seed where others than the host see it: in a variable that is
// no secret, or in a file that is none.
func (h *host) exposed(e hostenv.Entry) bool {
	name := e.Name
	secret := h.takesSeed(name)
	switch {
	case secret && e.Open && keys.MayHoldSeed(e.Value()):
		h.at(e, finding.Error, RuleExposed, "the seed in "+name+" stands in a file that others than the host read", "keep it in an env file or a Secret of its own: latch env write; and make a new one, since this one is exposed")
	case !secret && name != wasmcloud.ClusterIssuers && name != prefixName && name != latticeName && keys.MayHoldSeed(e.Value()):
		h.at(e, finding.Error, RuleExposed, "the value of "+name+" is, or nearly is, a seed, and hosts do not keep it secret", "treat the seed as exposed: make a new one")
	default:
		return false
	}
	return true
}

func (h *host) number(e hostenv.Entry, least, most int, what string) {
	n, err := strconv.Atoi(string(e.Value()))
	if err != nil || n < least || n > most {
		h.at(e, finding.Error, RuleNumber, e.Name+" is not "+what+": the host does not start", "write digits only")
	}
}

// boolean judges a switch other than those of TLS. Rust hosts take true and false
// to the letter; OTP hosts take whatever they do not know for false.
func (h *host) boolean(e hostenv.Entry) {
	value := string(e.Value())
	switch {
	case value == "true" || value == "false":
	case h.isRust():
		h.at(e, finding.Error, RuleBoolean, e.Name+" is neither true nor false: a Rust host does not start", "write true or false")
	default:
		h.at(e, finding.Warning, RuleBoolean, e.Name+" is neither true nor false: a Rust host does not start, an OTP host may take it for false", "write true or false")
	}
}

// level judges what is to be logged. Rust hosts know five words, in any case.
func (h *host) level(e hostenv.Entry) {
	value := strings.ToLower(string(e.Value()))
	rust := slices.Contains([]string{"error", "warn", "info", "debug", "trace"}, value)
	otp := slices.Contains([]string{"emergency", "alert", "critical", "error", "warning", "warn", "notice", "info", "debug", "all", "none"}, value)
	switch {
	case h.isRust() && !rust:
		h.at(e, finding.Error, RuleLevel, e.Name+" is no level that a Rust host knows: it does not start", "write error, warn, info, debug or trace")
	case h.Target.IsOTP() && !otp:
		h.at(e, finding.Error, RuleLevel, e.Name+" is no level that an OTP host knows: it crashes", "write error, warn, info or debug")
	case h.Target.IsZero() && !rust:
		h.at(e, finding.Warning, RuleLevel, e.Name+" is no level that a Rust host knows: it does not start", "write error, warn, info, debug or trace")
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
		h.at(e, finding.Error, RuleSwitch, e.Name+" is neither true nor false: a Rust host does not start", "write true or false")
	case onlyNumbers && !number:
		h.at(e, finding.Error, RuleSwitch, e.Name+" is neither 0 nor 1: an OTP host crashes", "write 0 or 1")
	case h.Target.IsZero() && !word && !number:
		h.at(e, finding.Error, RuleSwitch, e.Name+" is neither true nor false: a Rust host does not start", "write true or false; 1 or 0 for OTP before 0.60")
	case h.Target.IsZero() && number:
		h.at(e, finding.Warning, RuleSwitch, e.Name+" is a number: right for OTP hosts, but a Rust host does not start", "say what the hosts run: --target")
	}
}
