package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

const (
	// patience is how long the server may take to answer.
	patience = 10 * time.Second
	// tries is how often what changes nothing is asked, where the server is busy or
	// another is about to take over.
	tries        = 4
	betweenTries = 100 * time.Millisecond
	// mostAnswer is more than any answer, in bytes.
	mostAnswer = 16 << 20
)

// client speaks with one server.
type client struct {
	around surroundings
	base   *url.URL
	http   *http.Client

	mu     sync.Mutex
	token  string
	method string // by which the token was got; "" where it was given
	open   bool   // an agent adds the token
}

// refusal is how the server says no.
type refusal struct {
	status int
	said   []string
	data   json.RawMessage
}

func (r *refusal) Error() string {
	if len(r.said) == 0 {
		return fmt.Sprintf("the server answers %d, %s", r.status, http.StatusText(r.status))
	}
	return keys.Mask(strings.Join(r.said, "; "))
}

// errNotJSON: whatever answers does not speak the protocol.
var errNotJSON = errors.New("the answer is not Vault's")

// ask asks as who is logged in, and gives the answer for the caller to clear.
func (c *client) ask(ctx context.Context, verb, path string, body []byte) ([]byte, error) {
	token, err := c.authenticated(ctx)
	if err != nil {
		return nil, err
	}
	data, err := c.send(ctx, token, verb, path, body)
	if is(err, http.StatusForbidden) && c.forget(token) {
		if token, err = c.authenticated(ctx); err != nil {
			return nil, err
		}
		data, err = c.send(ctx, token, verb, path, body)
	}
	return data, c.explained(ctx, token, verb, path, err)
}

// forget has the next one log in anew, where the token is no longer good. It reports
// false for one that was given.
func (c *client) forget(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.method == "" {
		return false
	}
	if c.token == token {
		c.token = ""
	}
	return true
}

// send sends once; and again what changes nothing and may be answered later.
func (c *client) send(ctx context.Context, token, verb, path string, body []byte) ([]byte, error) {
	for n := 1; ; n++ {
		data, err := c.sendOnce(ctx, token, verb, path, body)
		if err == nil || verb != http.MethodGet || !passing(err) || n == tries {
			return data, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(betweenTries << n):
		}
	}
}

func (c *client) sendOnce(ctx context.Context, token, verb, path string, body []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ask, err := http.NewRequestWithContext(within, verb, c.base.String()+"/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	ask.Header.Set("X-Vault-Request", "true")
	if token != "" {
		ask.Header.Set("X-Vault-Token", token)
	}
	if namespace := c.around.get("NAMESPACE"); namespace != "" {
		ask.Header.Set("X-Vault-Namespace", namespace)
	}
	data, err := c.exchange(ask)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return data, err
}

// exchange gives what is answered, or the refusal.
func (c *client) exchange(ask *http.Request) ([]byte, error) {
	reply, err := c.http.Do(ask) //nolint:gosec // the server is whom the person names
	if err != nil {
		return nil, err
	}
	defer func() { _ = reply.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(reply.Body, mostAnswer))
	if err != nil || reply.StatusCode < http.StatusMultipleChoices {
		return data, err
	}
	defer clear(data)
	refused := &refusal{status: reply.StatusCode}
	var answer struct {
		Errors []string        `json:"errors"`
		Data   json.RawMessage `json:"data"`
	}
	if json.Unmarshal(data, &answer) != nil {
		return nil, fmt.Errorf("%w: %w", errNotJSON, refused)
	}
	refused.said, refused.data = answer.Errors, answer.Data
	return nil, refused
}

// is tells whether the server refused with that status.
func is(err error, status int) bool {
	var refused *refusal
	return errors.As(err, &refused) && refused.status == status
}

// passing tells whether asking again may help: the server is busy, or another is about
// to take over, or the answer was lost.
func passing(err error) bool {
	var refused *refusal
	if errors.As(err, &refused) {
		return refused.status == http.StatusTooManyRequests || refused.status >= http.StatusInternalServerError && !sealedAnswer(refused)
	}
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

func sealedAnswer(r *refusal) bool { return strings.Contains(r.Error(), "Vault is sealed") }

// without is the error with a secret taken out of what it says.
func without(err error, secret string) error {
	var refused *refusal
	if secret == "" || !errors.As(err, &refused) {
		return err
	}
	for i, said := range refused.said {
		refused.said[i] = strings.ReplaceAll(said, secret, "***")
	}
	return err
}

// strange is the error of an answer that cannot be Vault's.
func (c *client) strange(path string) error {
	return fault.New(fault.Unavailable, "what answers at %s for %s is no Vault server", c.base, path).Because(errNotJSON).
		WithHint("check VAULT_ADDR: curl %s/v1/sys/health", c.base)
}
