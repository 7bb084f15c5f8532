package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// errChanged: what a write was made over is no longer the current version.
var errChanged = errors.New("somebody else changed it at the same time")

// secrets are those below a path of a mount of KV version 2.
type secrets struct {
	*client
	mount, path string
}

// find asks the server how much of a path is its mount, and makes sure that it is one
// of KV version 2: of another, nothing would be found and nothing be wrong.
func find(ctx context.Context, c *client, at Address) (secrets, error) {
	data, err := c.ask(ctx, http.MethodGet, "sys/internal/ui/mounts/"+at.path, nil)
	if err != nil {
		if is(err, http.StatusForbidden) && fault.Is(err, fault.Unavailable) {
			return secrets{}, fault.New(fault.Unavailable, "the Vault at %s shows this token nothing at %s", c.base, at).
				WithHint("there is no such mount, or no policy for it: vault secrets list; docs/keystores.md shows the policy")
		}
		return secrets{}, err
	}
	var answer struct {
		Data struct {
			Path    string            `json:"path"`
			Type    string            `json:"type"`
			Options map[string]string `json:"options"`
		} `json:"data"`
	}
	if json.Unmarshal(data, &answer) != nil || answer.Data.Path == "" {
		return secrets{}, c.strange("sys/internal/ui/mounts/" + at.path)
	}
	mount := strings.Trim(answer.Data.Path, "/")
	rest, below := strings.CutPrefix(at.path, mount+"/")
	switch {
	case answer.Data.Type != "kv" && answer.Data.Type != "generic":
		return secrets{}, fault.New(fault.Refused, "%s at %s keeps no key-value secrets: it is of the type %s", mount, c.base, answer.Data.Type).
			WithHint("name a mount of KV version 2: vault secrets list")
	case answer.Data.Options["version"] != "2":
		return secrets{}, fault.New(fault.Refused, "%s at %s is a mount of KV version 1, where nothing keeps two from writing over each other", mount, c.base).
			WithHint("name one of version 2, or have this one made so: vault kv enable-versioning %s", mount)
	case !below:
		return secrets{}, fault.New(fault.Usage, "%s is the mount itself", at).WithHint("name a path in it: vault:%s/lattice", mount)
	}
	return secrets{client: c, mount: mount, path: rest}, nil
}

// at is the path of a secret in a part of the mount's API.
func (s secrets) at(part, name string) string {
	return s.mount + "/" + part + "/" + s.path + "/" + name
}

// where is what a person calls a secret.
func (s secrets) where(name string) string { return s.mount + "/" + s.path + "/" + name }

// names are those of all secrets, also of deleted ones.
func (s secrets) names(ctx context.Context) ([]string, error) {
	data, err := s.ask(ctx, http.MethodGet, s.mount+"/metadata/"+s.path+"?list=true", nil)
	if is(err, http.StatusNotFound) {
		return nil, nil
	}
	var answer struct {
		Data struct {
			Keys []string `json:"keys"`
		} `json:"data"`
	}
	if err == nil && json.Unmarshal(data, &answer) != nil {
		err = s.strange(s.mount + "/metadata")
	}
	return slices.DeleteFunc(answer.Data.Keys, func(name string) bool { return strings.HasSuffix(name, "/") }), err
}

// answer is what the server says of a version.
type answer struct {
	Data     content `json:"data"`
	Metadata struct {
		Version int    `json:"version"`
		Written string `json:"created_time"`
		Note    note   `json:"custom_metadata"`
	} `json:"metadata"`
}

// read gives the current version of a secret, or that of a number, for the caller to
// clear.
func (s secrets) read(ctx context.Context, name string, number int) (version, error) {
	path := s.at("data", name)
	if number != 0 {
		path += "?version=" + url.QueryEscape(strconv.Itoa(number))
	}
	data, err := s.ask(ctx, http.MethodGet, path, nil)
	defer clear(data)
	var found struct {
		Data answer `json:"data"`
	}
	var refused *refusal
	switch {
	case errors.As(err, &refused) && refused.status == http.StatusNotFound && len(refused.data) > 0: // deleted or destroyed
		if json.Unmarshal(refused.data, &found.Data) != nil {
			return version{}, s.strange(path)
		}
		return version{name: name, number: found.Data.Metadata.Version}, nil
	case is(err, http.StatusNotFound):
		return version{name: name}, nil
	case err != nil:
		return version{}, err
	}
	_ = json.Unmarshal(data, &found) // what is of another type than ours is no field of ours
	v := version{name: name, number: found.Data.Metadata.Version, content: found.Data.Data, written: found.Data.Metadata.Written, note: found.Data.Metadata.Note}
	if v.number == 0 {
		v.clear()
		return version{}, s.strange(path)
	}
	v.live = !v.content.Deleted
	return v, nil
}

// current is the current version, and knows whether the seed has moved on.
func (s secrets) current(ctx context.Context, name string) (version, error) {
	v, err := s.read(ctx, name, 0)
	if err != nil || !v.live || !v.marked() {
		return v, err
	}
	to, err := s.read(ctx, v.content.MovingTo, 0)
	defer to.clear()
	if err != nil {
		v.clear()
		return version{}, err
	}
	v.moved = to.holds(v)
	v.live = !v.moved
	return v, nil
}

// write makes a new version over another, zero for none, reads it back and gives its
// number. An answer that is lost does not mean that nothing was written: then what is
// there is looked at.
func (s secrets) write(ctx context.Context, name string, c content, over int) (int, error) {
	body, err := c.encode(over)
	if err != nil {
		return 0, err
	}
	defer clear(body)
	_, err = s.ask(ctx, http.MethodPost, s.at("data", name), body)
	switch {
	case is(err, http.StatusBadRequest) && strings.Contains(err.Error(), "check-and-set"):
		return 0, errChanged
	case err != nil && ctx.Err() == nil && !lost(err):
		return 0, err
	}
	back, readErr := s.read(context.WithoutCancel(ctx), name, over+1)
	defer back.clear()
	switch {
	case err != nil && (readErr != nil || back.number == 0):
		return 0, err
	case readErr != nil:
		return 0, fmt.Errorf("failed to read back %s, just written: %w", s.where(name), readErr)
	case !back.content.same(c) && err != nil:
		return 0, errChanged
	case !back.content.same(c):
		return 0, store.Damaged(fault.New(fault.Failed, "%s is not what was just written", s.where(name)).WithHint("find out what else writes there"))
	}
	return over + 1, nil
}

// lost tells whether it is not known what became of a request.
func lost(err error) bool {
	var refused *refusal
	return !errors.As(err, &refused) || refused.status >= http.StatusInternalServerError
}
