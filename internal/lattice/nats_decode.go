package lattice

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// nats reads the field nats of the manifest or of a host.
func (d *decoder) nats(parent *fields) NATS {
	var n NATS
	node := parent.values["nats"]
	if node == nil {
		return n
	}
	f := d.fields(node, parent.pathOf("nats"), RPC.String(), Control.String(), ProviderRPC.String(), "js_domain")
	for _, p := range Purposes() {
		if inner := f.values[p.String()]; inner != nil {
			n.connections[p] = d.connection(inner, f.pathOf(p.String()))
		}
	}
	n.JetStreamDomain = read(f, "js_domain", RuleNATS, text, checked(checkDomain))
	return n
}

func (d *decoder) connection(n *yaml.Node, path string) Connection {
	f := d.fields(n, path, "host", "port", "tls", "jwt", "seed", "creds")
	c := Connection{
		Host:  read(f, "host", RuleNATS, text, checked(checkNATSHost)),
		Port:  read(f, "port", RuleNATS, wholeNumber, readPort),
		TLS:   read(f, "tls", RuleNATS, truth, readSwitch),
		JWT:   read(f, "jwt", RuleNATS, text, checked(checkJWT)),
		Seed:  read(f, "seed", RuleNATS, text, checked(checkSeedName)),
		Creds: read(f, "creds", RuleNATS, text, checked(checkPath)),
	}
	if c.Creds != "" && (c.JWT != "" || c.Seed != "") {
		d.fail(f.values["creds"], RuleNATS, f.pathOf("creds"), refuse(nil, "keep the one or the other",
			"a credentials file is given beside a JWT or a seed, and it holds both"))
	}
	return c
}

// checkNATSHost judges what hosts put between "nats://" and the port.
func checkNATSHost(host string) error {
	switch {
	case host == "":
		return errors.New("the host is empty")
	case strings.Contains(host, "://"):
		return refuse(nil, "leave the scheme out; tls: true asks for TLS", "%s is a URL, where the name or address of a server belongs", shown(host))
	case strings.ContainsFunc(host, func(r rune) bool { return !isNameRune(r) && r != ':' }):
		return fmt.Errorf("%s is no name or address of a server", shown(host))
	}
	if _, err := netip.ParseAddr(host); err != nil && strings.Contains(host, ":") {
		return refuse(nil, "give the port by the field port", "%s is no address of a server", shown(host))
	}
	return nil
}

func readPort(digits string) (uint16, error) {
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || port == 0 {
		return 0, errors.New("a port is a number from 1 to 65535")
	}
	return uint16(port), nil
}

// truth judges that a node is true or false, as YAML 1.2 spells them.
func truth(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Style == 0 && (n.Value == "true" || n.Value == "false") {
		return nil
	}
	return fmt.Errorf("must be true or false, not %s", describe(n))
}

func readSwitch(text string) (Switch, error) {
	if text == "true" {
		return On, nil
	}
	return Off, nil
}

func checkSeedName(name string) error {
	err := CheckName(name)
	if err != nil && !errors.Is(err, ErrExposedSeed) {
		return refuse(nil, "name the key as latch keys list does", "%v", err)
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
	return nil
}

// checkDomain judges a JetStream domain, which becomes a token of subjects:
// $JS.DOMAIN.API. Source: nats-server server/jetstream.go.
func checkDomain(domain string) error {
	if domain == "" {
		return errors.New("the domain is empty")
	}
	if strings.ContainsFunc(domain, func(r rune) bool { return !isNameRune(r) || r == '.' }) {
		return refuse(nil, "use letters, digits, '_' and '-' only", "%s is no JetStream domain", shown(domain))
	}
	return nil
}
