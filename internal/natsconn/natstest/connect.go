package natstest

import (
	"context"
	"net"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn"
)

// Connect connects to the server until the test ends.
func (s *Server) Connect(t testing.TB, login natsconn.Login) *natsconn.Conn {
	t.Helper()
	conn, err := natsconn.Connect(t.Context(), s.Options(login))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// Options say how to connect to the server.
func (s *Server) Options(login natsconn.Login) natsconn.Options {
	return natsconn.Options{
		Server: natsconn.Server{URLs: []string{s.URL()}}, Login: login, Name: "test", Timeout: patience,
		Dial: Dial,
	}
}

// Dial opens a connection of the network.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}
