package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Servers are those of a cluster, as a user of their system account reaches them.
type Servers struct {
	Conn *natsconn.Conn
	// Wait bounds the first answer to a question and each that is due, Quiet one more
	// where not every server answers or nobody knows how many there are.
	Wait, Quiet time.Duration
}

// envelope is how a server wraps what it says. Source: nats-server v2.15
// server/events.go.
type envelope struct {
	Server struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Version string `json:"ver"`
	} `json:"server"`
	Data  json.RawMessage `json:"data"`
	Error *struct {
		Code        int    `json:"code"`
		Description string `json:"description"`
	} `json:"error"`
}

// errNobody says that no server answers a question.
var errNobody = errors.New("no server answers")

// ask puts a question to every server and gathers the answers: until there are enough,
// or none has come for as long as the next may take.
func (s Servers) ask(ctx context.Context, subject string, question []byte, next time.Duration, enough func([][]byte) bool) ([][]byte, error) {
	inbox := s.Conn.NewRespInbox()
	answers, err := s.Conn.SubscribeSync(inbox)
	if err != nil {
		return nil, s.failed(err)
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := s.Conn.PublishRequest(subject, inbox, question); err != nil {
		return nil, s.failed(err)
	}
	var all [][]byte
	for !enough(all) {
		wait := s.Wait
		if len(all) > 0 {
			wait = next
		}
		within, cancel := context.WithTimeout(ctx, wait)
		m, err := answers.NextMsgWithContext(within)
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case errors.Is(err, natsconn.ErrNoResponders), errors.Is(err, context.DeadlineExceeded) && len(all) == 0:
			return nil, errNobody
		case errors.Is(err, context.DeadlineExceeded):
			return all, nil
		case err != nil:
			return nil, s.failed(err)
		}
		all = append(all, m.Data)
	}
	return all, nil
}

func (s Servers) failed(err error) error {
	return fault.New(fault.Unavailable, "failed to ask the NATS servers").Because(err)
}

// atLeast takes so many answers for enough.
func atLeast(count int) func([][]byte) bool {
	return func(all [][]byte) bool { return len(all) >= count }
}

// endless takes no number of answers for enough.
func endless([][]byte) bool { return false }

// fromEach takes an answer of each of the servers for enough. Their number alone is not:
// a server that has joined since answers too.
func fromEach(servers []Server) func([][]byte) bool {
	return func(all [][]byte) bool {
		return len(all) >= len(servers) && len(silent(servers, envelopes(all))) == 0
	}
}

// silent are the names of the servers that none of the answers is of.
func silent(servers []Server, answers []envelope) (names []string) {
	for _, server := range servers {
		if !slices.ContainsFunc(answers, func(e envelope) bool { return e.Server.Name == server.Name }) {
			names = append(names, server.Name)
		}
	}
	return names
}

// askEach asks what every server answers, and says which one it is.
func (s Servers) askEach(ctx context.Context, subject string, question any, next time.Duration, enough func([][]byte) bool) ([]envelope, error) {
	payload := []byte{}
	if question != nil {
		var err error
		if payload, err = json.Marshal(question); err != nil {
			return nil, s.failed(err)
		}
	}
	answers, err := s.ask(ctx, subject, payload, next, enough)
	return envelopes(answers), err
}

// envelopes are the answers that say which server they are of.
func envelopes(answers [][]byte) (all []envelope) {
	for _, text := range answers {
		var e envelope
		if json.Unmarshal(text, &e) == nil && e.Server.ID != "" {
			all = append(all, e)
		}
	}
	return all
}
