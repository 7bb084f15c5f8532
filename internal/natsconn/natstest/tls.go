package natstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// CA makes an authority, and gives the path of its certificate; the key lies
// beside it.
func CA(t testing.TB) string {
	t.Helper()
	template := certificate("latch test CA")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	key := newKey(t)
	return write(t, t.TempDir(), template, template, key, key)
}

// TLS secures a server with a certificate by an authority of its own.
func TLS(t testing.TB, edits ...func(*x509.Certificate)) func(*server.Options) {
	t.Helper()
	return TLSBy(t, CA(t), edits...)
}

// TLSBy secures a server with a certificate by the authority, for 127.0.0.1
// unless edited.
func TLSBy(t testing.TB, ca string, edits ...func(*x509.Certificate)) func(*server.Options) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(ca, ca+".key")
	if err != nil {
		t.Fatal(err)
	}
	template := certificate("latch test server")
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	for _, edit := range edits {
		edit(template)
	}
	path := write(t, t.TempDir(), template, authority.Leaf, newKey(t), authority.PrivateKey.(*ecdsa.PrivateKey))
	pair, err := tls.LoadX509KeyPair(path, path+".key")
	if err != nil {
		t.Fatal(err)
	}
	return func(o *server.Options) {
		o.TLS, o.TLSConfig = true, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		o.TLSTimeout = patience.Seconds()
	}
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// write signs a certificate and writes it and its key as files.
func write(t testing.TB, dir string, template, parent *x509.Certificate, key, by *ecdsa.PrivateKey) (path string) {
	t.Helper()
	signed, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "cert.pem")
	for name, block := range map[string]*pem.Block{path: {Type: "CERTIFICATE", Bytes: signed}, path + ".key": {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
