package wasmbustest

import (
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// patience is how long anything here may take that is done at once.
const patience = 10 * time.Second

// StartServer starts a server of NATS on a free port of this machine.
func StartServer() (*server.Server, error) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true})
	if err != nil {
		return nil, err
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		s.Shutdown()
		return nil, errors.New("the server does not come up")
	}
	return s, nil
}
