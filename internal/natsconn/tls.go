package natsconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// mostPEM is more than any file of certificates, in bytes.
const mostPEM = 4 << 20

// config is the library's, nil where the server is to decide.
func (t TLS) config(ctx context.Context) (*tls.Config, error) {
	if t == (TLS{}) {
		return nil, nil //nolint:nilnil // none is needed
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if t.CA != "" {
		pem, err := safefile.Read(t.CA, safefile.Shared, mostPEM)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fault.New(fault.Failed, "%s holds no certificate in PEM", t.CA)
		}
	}
	if t.Certificate == "" && t.Key == "" {
		return config, nil
	}
	certificate, err := t.client(ctx)
	if err != nil {
		return nil, err
	}
	config.Certificates = []tls.Certificate{certificate}
	return config, nil
}

// client is the client's own certificate with its key.
func (t TLS) client(ctx context.Context) (tls.Certificate, error) {
	if t.Certificate == "" || t.Key == "" {
		return tls.Certificate{}, fault.New(fault.Failed, "a client's certificate and its key belong together, and one of them is not given")
	}
	certificate, err := safefile.Read(t.Certificate, safefile.Shared, mostPEM)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := safefile.ReadHanded(ctx, t.Key, mostPEM)
	if err != nil {
		return tls.Certificate{}, err
	}
	defer clear(key)
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return tls.Certificate{}, fault.New(fault.Failed, "%s and %s are no pair of certificate and key", t.Certificate, t.Key)
	}
	return pair, nil
}
