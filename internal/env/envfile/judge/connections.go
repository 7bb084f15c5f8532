package judge

import (
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// login is what a host logs in to NATS with on one connection.
type login struct {
	connection string // RPC, CTL, PROV_RPC; NATS for the default of Rust hosts
	jwt, seed  string // the names of the variables
}

// logins are those that hosts with cluster keys read.
func logins() []login {
	var all []login
	for _, c := range wasmcloud.Connections() {
		l := login{c.Name, c.JWT, c.Seed}
		if c.Seed != wasmcloud.NATSSeed && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// connections judges the credentials for NATS.
func (h *host) connections() {
	with, accounts := map[string]bool{}, map[string]keys.PublicKey{}
	for _, l := range logins() {
		jwt, seed := h.jwt(l), h.natsSeed(l)
		with[l.connection] = with[l.connection] || h.has(l.seed)
		if !jwt.Account.IsZero() {
			accounts[l.connection] = jwt.Account
		}
		if jwt.Subject.IsZero() || seed.IsZero() {
			h.half(l)
		} else if jwt.Subject != seed {
			e, _ := h.Lookup(l.jwt)
			h.at(e, finding.Error, RuleJWTMismatch, l.jwt+" is for "+jwt.Subject.String()+", "+l.seed+" is the seed of "+seed.String()+": NATS refuses the two together",
				"take both from one creds file")
		}
	}
	h.gap(with)
	rpc, ctl := accounts[wasmcloud.RPC.Variables().Name], accounts[wasmcloud.Control.Variables().Name]
	if !rpc.IsZero() && !ctl.IsZero() && rpc != ctl {
		h.at(h.entry(wasmcloud.Control.Variables().JWT), finding.Warning, RuleAccounts,
			h.Name+" is called in the account "+rpc.String()+" and commanded in "+ctl.String()+": right only where the accounts share their topics", "take both users from one account")
	}
}

// jwt judges a JWT.
func (h *host) jwt(l login) lattice.UserJWT {
	e, ok := h.get(l.jwt)
	if !ok {
		return lattice.UserJWT{}
	}
	jwt, err := lattice.ParseUserJWT(string(e.Value()))
	const renew = "have a new one issued: nsc edit user --expiry, nsc generate creds"
	day := func(at time.Time) string { return at.UTC().Format(time.RFC3339) }
	switch {
	case err != nil:
		h.key(e, RuleJWT, l.jwt+": ", err)
	case h.now.IsZero():
	case !jwt.Expires.IsZero() && !jwt.Expires.After(h.now):
		h.at(e, finding.Error, RuleJWT, l.jwt+" has expired, on "+day(jwt.Expires)+": no server lets the host in", renew)
	case jwt.NotBefore.After(h.now):
		h.at(e, finding.Error, RuleJWT, l.jwt+" is not valid before "+day(jwt.NotBefore)+": no server lets the host in until then", renew)
	case !jwt.Expires.IsZero() && jwt.Expires.Before(h.now.Add(horizon)):
		h.at(e, finding.Warning, RuleJWT, l.jwt+" expires on "+day(jwt.Expires)+": a host that connects after that is not let in", renew)
	}
	return jwt
}

func (h *host) natsSeed(l login) keys.PublicKey {
	e, ok := h.get(l.seed)
	if !ok {
		return keys.PublicKey{}
	}
	seed, err := keys.ParseSeed(e.Value(), keys.User)
	seed.Wipe()
	if err != nil {
		h.key(e, RuleNATSSeed, l.seed+": ", err)
	}
	return seed.PublicKey()
}

// half finds one of a pair without the other. Source: OTP hosts take a seed alone
// as nkey authentication and ignore a JWT alone, Rust hosts refuse both.
func (h *host) half(l login) {
	jwt, hasJWT := h.Lookup(l.jwt)
	seed, hasSeed := h.Lookup(l.seed)
	switch {
	case hasJWT && !hasSeed && h.Target.IsOTP():
		h.at(jwt, finding.Error, RuleHalfLogin, l.jwt+" without "+l.seed+": an OTP host connects without credentials", "set "+l.seed+" too")
	case hasJWT && !hasSeed:
		h.at(jwt, finding.Error, RuleHalfLogin, l.jwt+" without "+l.seed+": a Rust host does not start, an OTP host connects without credentials", "set "+l.seed+" too")
	case hasSeed && !hasJWT && h.isRust():
		h.at(seed, finding.Error, RuleHalfLogin, l.seed+" without "+l.jwt+": a Rust host does not start", "set "+l.jwt+" too")
	case hasSeed && !hasJWT && !h.Target.IsOTP():
		h.at(seed, finding.Warning, RuleHalfLogin, l.seed+" without "+l.jwt+": an OTP host can do with that, a Rust host does not start", "set "+l.jwt+" too, or say that the host is one for OTP: --target otp")
	}
}

// gap finds connections without credentials beside others that have them.
func (h *host) gap(with map[string]bool) {
	if with["NATS"] && !h.Target.IsOTP() {
		return // Rust hosts take them for all
	}
	wanted := []string{"RPC", "CTL"}
	if h.Target.IsZero() && with["PROV_RPC"] || !h.Target.IsZero() && h.Target.ReadsProviderRPC() {
		wanted = append(wanted, "PROV_RPC")
	}
	var have, lack []string
	for _, connection := range wanted {
		if with[connection] {
			have = append(have, connection)
		} else {
			lack = append(lack, connection)
		}
	}
	if len(have) > 0 && len(lack) > 0 {
		e, _ := h.Lookup("WASMCLOUD_" + have[0] + "_SEED")
		h.at(e, finding.Warning, RuleLoginGap, h.Name+" has credentials for "+strings.Join(have, ", ")+", none for "+strings.Join(lack, ", "),
			"all of a host's connections have to reach the same topics")
	}
}

// takesSeed reports whether the variable's value is a seed by right.
func (c *checker) takesSeed(name string) bool { return c.keys[name].Want.Role == keys.RoleSeed }
