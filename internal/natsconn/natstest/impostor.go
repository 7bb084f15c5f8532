package natstest

import (
	"net"
	"testing"
)

// Impostor answers every connection with a text and then nothing more, until the test
// ends: what listens where NATS should.
func Impostor(t testing.TB, text string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(text))
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return "nats://" + l.Addr().String()
}
