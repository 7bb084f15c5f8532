package lattice

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Purpose is what a host connects to NATS for.
type Purpose = wasmcloud.Purpose

// Switch is a setting that is on, off, or left to the host.
type Switch uint8

// The positions. The zero Switch leaves it to the host.
const (
	Unset Switch = iota
	Off
	On
)

// Connection is how a host reaches NATS for one purpose. What is not set is left
// to the host. It is a comparable value and holds no secret.
type Connection struct {
	Host  string // a name or an address, without scheme and port
	Port  uint16 // 0 where it is not set
	TLS   Switch
	JWT   string // a user JWT, or the path of a file that holds one
	Seed  string // the name, in the keystore, of the user's seed
	Creds string // the path of a credentials file, instead of JWT and Seed
}

// IsZero reports whether nothing is set.
func (c Connection) IsZero() bool { return c == Connection{} }

// LogsIn reports whether the connection is made as a certain user.
func (c Connection) LogsIn() bool { return c.JWT != "" || c.Seed != "" || c.Creds != "" }

// Address is where the connection goes, as HOST:PORT: where nothing is set, to this
// machine, as hosts do.
func (c Connection) Address() string {
	host, port := either(c.Host, "127.0.0.1"), either(c.Port, natsPort)
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}

// natsPort is where NATS listens unless it is told otherwise.
const natsPort = 4222

// over gives c with what it leaves open taken from the default. A credentials
// file and the pair of JWT and seed are alternatives: setting one of them drops
// the other's default.
func (c Connection) over(base Connection) Connection {
	if c.Creds != "" {
		base.JWT, base.Seed = "", ""
	}
	if c.JWT != "" || c.Seed != "" {
		base.Creds = ""
	}
	return Connection{
		Host:  either(c.Host, base.Host),
		Port:  either(c.Port, base.Port),
		TLS:   either(c.TLS, base.TLS),
		JWT:   either(c.JWT, base.JWT),
		Seed:  either(c.Seed, base.Seed),
		Creds: either(c.Creds, base.Creds),
	}
}

func either[T comparable](own, base T) T {
	var unset T
	if own != unset {
		return own
	}
	return base
}

// NATS is how hosts reach NATS. It is a comparable value and holds no secret.
type NATS struct {
	connections     [3]Connection // by Purpose
	JetStreamDomain string

	// What asks for more rights, and shows in nothing that a host is told.
	Chunks   Switch // payloads too large for one message go through an object store
	OldCache Switch // OTP hosts still have to move the cache of OTP 0.59
}

// For is the connection of that purpose.
func (n NATS) For(p Purpose) Connection { return n.connections[p] }

// With gives n with the connection of that purpose set.
func (n NATS) With(p Purpose, c Connection) NATS {
	n.connections[p] = c
	return n
}

// NATSOf is how the host reaches NATS: its own settings, field by field over
// those of the manifest.
func (m Manifest) NATSOf(h Host) NATS { return h.NATS.over(m.NATS) }

// over gives n with what it leaves open taken from the default.
func (n NATS) over(base NATS) NATS {
	n.JetStreamDomain = either(n.JetStreamDomain, base.JetStreamDomain)
	n.Chunks, n.OldCache = either(n.Chunks, base.Chunks), either(n.OldCache, base.OldCache)
	for _, p := range wasmcloud.Purposes() {
		n.connections[p] = n.For(p).over(base.For(p))
	}
	return n
}

// unsaid gives n less what is shared and was not said.
func (n NATS) unsaid(base, own NATS) NATS {
	n.JetStreamDomain = unsaid(n.JetStreamDomain, base.JetStreamDomain, own.JetStreamDomain)
	n.Chunks, n.OldCache = unsaid(n.Chunks, base.Chunks, own.Chunks), unsaid(n.OldCache, base.OldCache, own.OldCache)
	for i, c := range n.connections {
		b, o := base.connections[i], own.connections[i]
		n.connections[i] = Connection{
			Host: unsaid(c.Host, b.Host, o.Host), Port: unsaid(c.Port, b.Port, o.Port), TLS: unsaid(c.TLS, b.TLS, o.TLS),
			JWT: unsaid(c.JWT, b.JWT, o.JWT), Seed: unsaid(c.Seed, b.Seed, o.Seed), Creds: unsaid(c.Creds, b.Creds, o.Creds),
		}
	}
	return n
}

// ServerOf is where a host reaches NATS for a purpose, as HOST:PORT, by what it is
// told or by its own defaults. Source: wasmcloud-otp config_plan.ex, wasmCloud
// src/main.rs.
func (m Manifest) ServerOf(h Host, p Purpose) string {
	c := m.NATSOf(h).For(p)
	isOTP := m.TargetOf(h).IsOTP()
	host, port := c.Host, strconv.Itoa(int(c.Port))
	if host == "" {
		host = h.fallback(isOTP, "NATS_HOST", "127.0.0.1")
	}
	if c.Port == 0 {
		port = h.fallback(isOTP, "NATS_PORT", strconv.Itoa(natsPort))
	}
	return net.JoinHostPort(host, port)
}

// fallback is what a Rust host takes where it is told nothing for the purpose.
func (h Host) fallback(isOTP bool, variable, otherwise string) string {
	if value, set := h.variable(variable); set && !isOTP {
		return value
	}
	return otherwise
}

// controlTopic begins the subjects on which the host hears control commands.
func (h Host) controlTopic() string {
	if value, set := h.variable(wasmcloud.CtlTopicPrefix); set {
		return value
	}
	return wasmcloud.DefaultCtlTopicPrefix
}

// variable is what the host is told by a variable of its own.
func (h Host) variable(name string) (value string, set bool) {
	i := slices.IndexFunc(h.Env, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return "", false
	}
	return h.Env[i].Value, true
}

func natsRecord() record[NATS] {
	r := record[NATS]{}
	for _, p := range wasmcloud.Purposes() {
		connection := nested(p.String(), func(n *NATS) *Connection { return &n.connections[p] }, connectionRecord())
		r.fields = append(r.fields, connection.says("the NATS connection for "+purposeMeaning(p)))
	}
	domain := scalar("js_domain", RuleNATS, func(n *NATS) *string { return &n.JetStreamDomain }, textForm(checkDomain, schema.Text("^[A-Za-z0-9_-]+$")))
	chunks := scalar("chunks", RuleNATS, func(n *NATS) *Switch { return &n.Chunks }, switchForm())
	oldCache := scalar("old_cache", RuleNATS, func(n *NATS) *Switch { return &n.OldCache }, switchForm())
	r.fields = append(r.fields, domain.says("the JetStream domain"),
		chunks.says("whether payloads are sent that are too large for one message; NATS users are allowed more then"),
		oldCache.says("whether OTP hosts still have to move the cache of OTP 0.59; NATS users are allowed more then"))
	return r
}

func purposeMeaning(p Purpose) string {
	switch p {
	case wasmcloud.RPC:
		return "calls between hosts"
	case wasmcloud.Control:
		return "control commands"
	}
	return "calls to the providers that a host starts"
}

func connectionRecord() record[Connection] {
	return record[Connection]{fields: []field[Connection]{
		scalar("host", RuleNATS, func(c *Connection) *string { return &c.Host }, textForm(checkNATSHost, schema.Text("^[A-Za-z0-9._:-]+$"))).says("the name or address of the server, without scheme and port"),
		scalar("port", RuleNATS, func(c *Connection) *uint16 { return &c.Port }, portForm()).says("the port of the server"),
		scalar("tls", RuleNATS, func(c *Connection) *Switch { return &c.TLS }, switchForm()).says("whether to use TLS"),
		scalar("jwt", RuleNATS, func(c *Connection) *string { return &c.JWT }, textForm(checkJWT, pathSchema())).says("the user JWT, or the path of a file that holds it; ~/ is your home folder"),
		scalar("seed", RuleNATS, func(c *Connection) *string { return &c.Seed }, textForm(checkSeedName, nameSchema())).says("the name of the user's seed in the keystore"),
		scalar("creds", RuleNATS, func(c *Connection) *string { return &c.Creds }, textForm(checkPath, pathSchema())).says("the path of a credentials file, in place of jwt and seed; ~/ is your home folder"),
	}, not: credsAndPair(), check: func(f *fields, c Connection) {
		if c.Creds != "" && (c.JWT != "" || c.Seed != "") {
			f.fail("creds", RuleNATS, fault.New(fault.Failed, "a credentials file is given beside a JWT or a seed, and it holds both").
				WithHint("keep the one or the other"))
		}
	}}
}

// credsAndPair is a credentials file beside what it would hold.
func credsAndPair() *schema.Schema {
	return &schema.Schema{Required: []string{"creds"}, AnyOf: []schema.Schema{{Required: []string{"jwt"}}, {Required: []string{"seed"}}}}
}

// checkNATSHost judges what hosts put between "nats://" and the port.
func checkNATSHost(host string) error {
	switch {
	case host == "":
		return errors.New("the host is empty")
	case strings.Contains(host, "://"):
		return fault.New(fault.Failed, "%s is a URL, where the name or address of a server belongs", shown(host)).
			WithHint("leave the scheme out; tls: true asks for TLS")
	case strings.ContainsFunc(host, func(r rune) bool { return !isNameRune(r) && r != ':' }):
		return fmt.Errorf("%s is no name or address of a server", shown(host))
	}
	if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ":") {
		return fault.New(fault.Failed, "%s is no address of a server", shown(host)).WithHint("give the port by the field port")
	}
	return nil
}

func checkSeedName(name string) error {
	err := CheckName(name)
	if err != nil && !errors.Is(err, ErrExposedSeed) {
		return fault.Hint(err, "name the key as latch keys list does")
	}
	return err
}

func checkPath(path string) error {
	if path == "" {
		return errors.New("the path is empty")
	}
	if !utf8.ValidString(path) || strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return errors.New("the path holds what cannot be printed")
	}
	if strings.HasPrefix(path, "~") && !strings.HasPrefix(path, "~/") {
		return fault.New(fault.Failed, "only ~/ stands for a home folder, your own").
			WithHint("write the path in full, or from the folder of the manifest on")
	}
	return nil
}

// pathSchema allows ~ at the beginning for one's own home folder alone.
func pathSchema() schema.Schema { return schema.Text("^([^~]|~/)") }

// checkDomain judges a JetStream domain, which becomes a token of subjects:
// $JS.DOMAIN.API. Source: nats-server server/jetstream.go.
func checkDomain(domain string) error {
	if domain == "" {
		return errors.New("the domain is empty")
	}
	if strings.ContainsFunc(domain, func(r rune) bool { return !isNameRune(r) || r == '.' }) {
		return fault.New(fault.Failed, "%s is no JetStream domain", shown(domain)).WithHint("use letters, digits, '_' and '-' only")
	}
	return nil
}
