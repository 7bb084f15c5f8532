package vault

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	defaultAddress = "https://127.0.0.1:8200" // as the vault command has it
	mostPEM        = 4 << 20                  // bytes
)

// connect prepares to speak with the server; nothing is sent yet.
func connect(ctx context.Context, around surroundings) (*client, error) {
	address := cmp.Or(around.get("AGENT_ADDR"), around.get("ADDR"), defaultAddress)
	base, err := url.Parse(strings.TrimSuffix(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || base.User != nil {
		return nil, fault.New(fault.Usage, "VAULT_ADDR is no address of a server").WithHint("set it, as in VAULT_ADDR=https://vault.example.org:8200")
	}
	secured, err := tlsOf(ctx, around)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyOf(around)
	if err != nil {
		return nil, err
	}
	return &client{around: around, base: base, http: &http.Client{
		Transport:     &http.Transport{TLSClientConfig: secured, Proxy: proxy, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: atOnce},
		CheckRedirect: follow,
	}}, nil
}

// follow lets a standby send on to the active server once, with the token, but never
// to where it would travel in clear.
func follow(to *http.Request, before []*http.Request) error {
	if len(before) > 1 || before[0].URL.Scheme == "https" && to.URL.Scheme != "https" {
		return errors.New("the server sends on to " + to.URL.Host + ", where a token is not to go")
	}
	return nil
}

// proxyOf is the way to the server that the variables ask for.
func proxyOf(around surroundings) (func(*http.Request) (*url.URL, error), error) {
	address := cmp.Or(around.get("PROXY_ADDR"), around.get("HTTP_PROXY"))
	if address == "" {
		general := func(name string) string { return cmp.Or(around.value(name), around.value(strings.ToLower(name))) }
		choose := (&httpproxy.Config{HTTPProxy: general("HTTP_PROXY"), HTTPSProxy: general("HTTPS_PROXY"), NoProxy: general("NO_PROXY")}).ProxyFunc()
		return func(r *http.Request) (*url.URL, error) { return choose(r.URL) }, nil
	}
	proxy, err := url.Parse(address)
	if err != nil || proxy.Host == "" {
		return nil, fault.New(fault.Usage, "VAULT_PROXY_ADDR is no address").WithHint("set it, as in VAULT_PROXY_ADDR=http://proxy.example.org:3128")
	}
	return http.ProxyURL(proxy), nil
}

func tlsOf(ctx context.Context, around surroundings) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: around.get("TLS_SERVER_NAME")}
	switch strings.ToLower(around.get("SKIP_VERIFY")) {
	case "", "0", "f", "false":
	default:
		return nil, fault.New(fault.Refused, "VAULT_SKIP_VERIFY is set, and latch sends no token to a server that it cannot tell from another").
			WithHint("unset it, and name the server's CA: VAULT_CACERT=FILE")
	}
	if path := around.get("CACERT"); path != "" {
		pem, err := safefile.Read(path, safefile.Shared, mostPEM)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fault.New(fault.Failed, "%s holds no certificate in PEM", path).WithHint("VAULT_CACERT names the CA of the server")
		}
	}
	certificate, key := around.get("CLIENT_CERT"), around.get("CLIENT_KEY")
	if certificate == "" && key == "" {
		return config, nil
	}
	if certificate == "" || key == "" {
		return nil, fault.New(fault.Usage, "only one of VAULT_CLIENT_CERT and VAULT_CLIENT_KEY is set").WithHint("set both, or none")
	}
	public, err := safefile.Read(certificate, safefile.Shared, mostPEM)
	if err != nil {
		return nil, err
	}
	private, err := safefile.ReadHanded(ctx, key, mostPEM)
	defer clear(private)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(public, private)
	if err != nil {
		return nil, fault.New(fault.Failed, "%s and %s are no pair of certificate and key", certificate, key)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// inClear tells whether what is sent can be read on the way.
func (c *client) inClear() bool {
	host := c.base.Hostname()
	ip := net.ParseIP(host)
	return c.base.Scheme == "http" && host != "localhost" && (ip == nil || !ip.IsLoopback())
}
