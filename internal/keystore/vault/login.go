package vault

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// method is a way to prove to the server who asks.
type method struct {
	name   string
	chosen func(s surroundings) bool
	// proof is what the login sends.
	proof func(ctx context.Context, c *client) (map[string]string, error)
}

const byToken = "token"

// methods are the ways to log in, the first whose variables are set is taken.
func methods() []method {
	return []method{
		{"approle", func(s surroundings) bool { return s.get("ROLE_ID") != "" }, appRole},
		{"jwt", func(s surroundings) bool { return s.get("AUTH_ROLE") != "" && hasIDToken(s) }, idToken},
		{"kubernetes", func(s surroundings) bool { return s.get("AUTH_ROLE") != "" && inPod() }, podToken},
	}
}

// authenticated gives the token to ask with, from a login where that is the way.
func (c *client) authenticated(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" || c.open {
		return c.token, nil
	}
	how := c.around.get("AUTH_METHOD")
	if token := c.around.get("TOKEN"); token != "" && how == "" || how == byToken {
		c.token = strings.TrimSpace(token)
	}
	if c.token != "" {
		return c.token, nil
	}
	for _, m := range methods() {
		if m.name == how || how == "" && m.chosen(c.around) {
			c.method = m.name
			var err error
			c.token, err = c.login(ctx, m)
			return c.token, err
		}
	}
	if how != "" && how != byToken {
		return "", fault.New(fault.Usage, "VAULT_AUTH_METHOD is none of token, approle, jwt and kubernetes").WithHint("set it to one of them, or leave it out")
	}
	c.token = c.around.leftToken(ctx)
	if c.open = c.around.get("AGENT_ADDR") != ""; c.token == "" && !c.open {
		return "", fault.New(fault.Locked, "nothing says who asks the Vault server at %s", c.base).
			WithHint("log in: vault login; or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_AUTH_ROLE and VAULT_ID_TOKEN")
	}
	return c.token, nil
}

// login gives the token for a proof.
func (c *client) login(ctx context.Context, m method) (string, error) {
	proof, err := m.proof(ctx, c)
	if err != nil {
		return "", err
	}
	mount := strings.Trim(c.around.get("AUTH_PATH"), "/")
	if mount == "" {
		mount = m.name
	}
	mount = strings.TrimPrefix(mount, "auth/")
	body, err := json.Marshal(proof)
	if err != nil {
		return "", err
	}
	defer clear(body)
	data, err := c.send(ctx, "", "POST", "auth/"+mount+"/login", body)
	defer clear(data)
	if err != nil {
		for _, secret := range proof {
			err = without(err, secret)
		}
		return "", c.noLogin(m, mount, err)
	}
	var answer struct {
		Auth struct {
			Token string `json:"client_token"`
		} `json:"auth"`
	}
	if json.Unmarshal(data, &answer) != nil || answer.Auth.Token == "" {
		return "", c.strange("auth/" + mount + "/login")
	}
	return answer.Auth.Token, nil
}

func appRole(ctx context.Context, c *client) (map[string]string, error) {
	secret, err := c.around.secret(ctx, "SECRET_ID", "SECRET_ID_FILE")
	return map[string]string{"role_id": c.around.get("ROLE_ID"), "secret_id": secret}, err
}

func inPod() bool {
	_, err := os.Stat(serviceAccount)
	return err == nil
}

// podToken is the token of a Kubernetes service account.
func podToken(ctx context.Context, c *client) (map[string]string, error) {
	path := c.around.get("ID_TOKEN_FILE")
	if path == "" {
		path = serviceAccount
	}
	token, err := readSecret(ctx, path)
	return map[string]string{"role": c.around.get("AUTH_ROLE"), "jwt": token}, err
}
