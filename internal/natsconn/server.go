package natsconn

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// DefaultURL is where a server of NATS listens that was told nothing.
const DefaultURL = "nats://127.0.0.1:4222"

// Server is where NATS is: one server, or several of one cluster.
type Server struct {
	URLs []string // nats://HOST:PORT, or tls://
	TLS  TLS
}

// TLS says how a connection is secured. Its zero value takes what the server
// offers and the authorities that the system trusts.
type TLS struct {
	Required         bool   // refuse a server without TLS
	First            bool   // shake hands before the server has said anything
	CA               string // the path of the authorities' certificates, in PEM
	Certificate, Key string // the paths of the client's own, in PEM
}

// ParseURLs reads the addresses of one or more servers, separated by commas.
// nats:// may be left out, and a port is 4222 unless it is given. It refuses
// passwords: a URL is printed, and stands in the list of processes.
func ParseURLs(text string) ([]string, error) {
	var all []string
	for one := range strings.SplitSeq(text, ",") {
		address, err := parseURL(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		all = append(all, address)
	}
	return all, nil
}

func parseURL(text string) (string, error) {
	if text != "" && !strings.Contains(text, "://") {
		text = "nats://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", badURL("it cannot be read as a URL")
	case u.User != nil:
		return "", badURL("it holds a user or a password, which would be seen in logs and in the list of processes")
	case u.Scheme != "nats" && u.Scheme != "tls" && u.Scheme != "ws" && u.Scheme != "wss":
		return "", badURL(fmt.Sprintf("its scheme is %q, not nats, tls, ws or wss", u.Scheme))
	case u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", badURL("it should be a scheme, a host and a port")
	case u.Port() == "" && (u.Scheme == "nats" || u.Scheme == "tls"):
		u.Host = net.JoinHostPort(u.Hostname(), "4222")
	}
	address := u.Scheme + "://" + u.Host
	if again, err := url.Parse(address); err != nil || again.Host != u.Host {
		return "", badURL("its host is none") // as in :: or a%20b
	}
	return address, nil
}

func badURL(why string) error {
	return fault.New(fault.Usage, "the address of the NATS server is not usable: %s", why).
		WithHint("give it as nats://HOST:PORT, several separated by commas")
}
