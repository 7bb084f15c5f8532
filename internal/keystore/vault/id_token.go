package vault

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/latch-keys/latch/internal/fault"
)

// Where GitHub has a job ask for a token that says what it is.
const (
	actionsURL   = "ACTIONS_ID_TOKEN_REQUEST_URL"
	actionsToken = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
)

func hasIDToken(s surroundings) bool {
	return s.get("ID_TOKEN") != "" || s.get("ID_TOKEN_FILE") != "" && !inPod() || s.value(actionsURL) != ""
}

// idToken is the token by which a CI system says what a job is: from a variable, as
// GitLab gives it, a file, or GitHub.
func idToken(ctx context.Context, c *client) (map[string]string, error) {
	var token string
	var err error
	if c.around.get("ID_TOKEN") == "" && c.around.get("ID_TOKEN_FILE") == "" && c.around.value(actionsURL) != "" {
		token, err = c.askGitHub(ctx)
	} else {
		token, err = c.around.secret(ctx, "ID_TOKEN", "ID_TOKEN_FILE")
	}
	return map[string]string{"role": c.around.get("AUTH_ROLE"), "jwt": token}, err
}

func (c *client) askGitHub(ctx context.Context) (string, error) {
	where, err := url.Parse(c.around.value(actionsURL))
	if err != nil || where.Host == "" {
		return "", fault.New(fault.Usage, "%s is no address", actionsURL).WithHint("GitHub sets it in a job with the permission id-token: write")
	}
	if audience := c.around.get("ID_TOKEN_AUDIENCE"); audience != "" {
		query := where.Query()
		query.Set("audience", audience)
		where.RawQuery = query.Encode()
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ask, err := http.NewRequestWithContext(within, http.MethodGet, where.String(), http.NoBody)
	if err != nil {
		return "", err
	}
	ask.Header.Set("Authorization", "Bearer "+c.around.value(actionsToken))
	data, err := c.exchange(ask)
	defer clear(data)
	var answer struct {
		Value string `json:"value"`
	}
	if err == nil && (json.Unmarshal(data, &answer) != nil || answer.Value == "") {
		err = errNotJSON
	}
	if err != nil {
		return "", fault.New(fault.Unavailable, "GitHub gave the job no ID token").Because(err).
			WithHint("give the job the permission id-token: write")
	}
	return answer.Value, nil
}
