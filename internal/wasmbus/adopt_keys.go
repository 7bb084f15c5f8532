package wasmbus

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// issuers are the keys that hosts of the group sign with, and those that all of them
// accept. Others are named: somebody has to know what they are.
func (f *Adoption) issuers(o Adopting, group []Reply) []lattice.Issuer {
	signers, acceptors := map[keys.PublicKey][]string{}, map[keys.PublicKey][]string{}
	var order []keys.PublicKey
	note := func(of map[keys.PublicKey][]string, key keys.PublicKey, host string) {
		if len(signers[key]) == 0 && len(acceptors[key]) == 0 {
			order = append(order, key)
		}
		of[key] = append(of[key], host)
	}
	for _, r := range group {
		for _, key := range r.Accepts {
			note(acceptors, key, o.nameOf(r))
		}
		note(signers, r.Signs, o.nameOf(r))
	}
	names := issuerNames{o: o, taken: map[string]bool{}}
	var all []lattice.Issuer
	for _, key := range order {
		by := signers[key]
		if len(by) == 0 && len(acceptors[key]) < len(group) {
			f.Remarks = append(f.Remarks, fmt.Sprintf("%s is left out of the issuers: no host signs with it, and only %s accept%s it", key, list(acceptors[key]), third(acceptors[key])))
			continue
		}
		if len(by) == 0 {
			f.Remarks = append(f.Remarks, fmt.Sprintf("every host accepts %s, and none signs with it", key))
		}
		all = append(all, lattice.Issuer{Name: names.of(key, by, len(signers)), PublicKey: key})
	}
	return all
}

// third is the ending of a verb that one does, and several do not have.
func third(names []string) string {
	if len(names) == 1 {
		return "s"
	}
	return ""
}

func list(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	return strings.Join(names, " and ")
}

// issuerNames gives keys names: that of the keystore, or one made up as latch lattice
// init does.
type issuerNames struct {
	o     Adopting
	taken map[string]bool
}

func (n issuerNames) of(key keys.PublicKey, signers []string, signing int) string {
	name, known := n.o.KeyName(key)
	switch {
	case known:
	case len(signers) == 1 && signing > 1:
		name = n.o.Lattice + "-" + signers[0]
	case len(signers) > 0:
		name = n.o.Lattice + "-cluster"
	default:
		name = n.o.Lattice + "-issuer"
	}
	free := name
	for i := 2; n.taken[strings.ToLower(free)]; i++ {
		free = fmt.Sprintf("%s.%d", name, i)
	}
	n.taken[strings.ToLower(free)] = true
	return free
}

// nats is how the hosts reach NATS, as far as all that say it say the same.
func (f *Adoption) nats(group []Reply) lattice.NATS {
	var n lattice.NATS
	for _, p := range wasmcloud.Purposes() {
		address, same := common(group, func(r Reply) string { return r.Servers[p] })
		if !same {
			f.Remarks = append(f.Remarks, fmt.Sprintf("hosts reach NATS for %s at different servers: set nats of each host", p))
		}
		if c, ok := connectionTo(address); ok {
			n = n.With(p, c)
		}
	}
	if domain, _ := common(group, func(r Reply) string { return r.Domain }); isPlain(domain) {
		n.JetStreamDomain = domain
	}
	return n
}

// common is what all hosts say that say anything; false where they say different
// things.
func common(group []Reply, says func(Reply) string) (text string, same bool) {
	for _, r := range group {
		switch said := says(r); {
		case said == "" || said == text:
		case text == "":
			text = said
		default:
			return "", false
		}
	}
	return text, true
}

// connectionTo reads an address as hosts give it: nats://HOST:PORT, or a host alone.
// The server that hosts ask which are told none need not be written.
func connectionTo(address string) (c lattice.Connection, ok bool) {
	_, rest, isURL := strings.Cut(address, "://")
	if !isURL {
		rest = address
	}
	c.Host = rest
	if host, port, err := net.SplitHostPort(rest); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return c, false
		}
		c.Host, c.Port = host, uint16(n)
	}
	if c.Address() == (lattice.Connection{}).Address() {
		return c, false
	}
	return c, c.Host != "" && isPlain(c.Host)
}

// isPlain reports whether a name can stand in a manifest.
func isPlain(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-") == ""
}
