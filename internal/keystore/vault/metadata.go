package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// metadata is what the server keeps of a secret beside what its versions hold.
type metadata struct {
	Current  int `json:"current_version"`
	Versions map[string]struct {
		Goes      string `json:"deletion_time"` // or went
		Destroyed bool   `json:"destroyed"`
	} `json:"versions"`
	Custom map[string]string `json:"custom_metadata"`
}

// metadata is a secret's, nil where there is no such secret.
func (s secrets) metadata(ctx context.Context, name string) (*metadata, error) {
	data, err := s.ask(ctx, http.MethodGet, s.at("metadata", name), nil)
	if is(err, http.StatusNotFound) {
		return nil, nil //nolint:nilnil // nothing is there
	}
	var answer struct {
		Data metadata `json:"data"`
	}
	if err == nil && json.Unmarshal(data, &answer) != nil {
		err = s.strange(s.at("metadata", name))
	}
	return &answer.Data, err
}

// look tells what may be known of a secret, from its metadata where they say it, and
// otherwise from the seed itself. taken: the name is, be it by what is no seed.
func (s secrets) look(ctx context.Context, name string) (e store.Entry, taken bool, err error) {
	found, err := s.metadata(ctx, name)
	if err == nil {
		if found == nil {
			return e, false, nil
		}
		now := found.Versions[strconv.Itoa(found.Current)]
		if now.Destroyed {
			return e, false, nil
		}
		if e, told := noteIn(found.Custom).entry(name, found.Current); told && now.Goes == "" {
			return e, true, nil
		}
	}
	v, readErr := s.current(ctx, name)
	defer v.clear()
	switch {
	case readErr != nil && err != nil:
		return e, false, err // neither may be read
	case readErr != nil || !v.live:
		return e, false, readErr
	}
	e, err = v.entry(s.where(name))
	return e, true, err
}

// annotate notes beside a secret what its version holds, and leaves what others have
// noted there. Without it a list reads the seed, so that a token that may not do it is
// good enough.
func (s secrets) annotate(ctx context.Context, name string, c content, number int) error {
	found, err := s.metadata(ctx, name)
	if err != nil || found == nil {
		return err
	}
	custom := map[string]string{}
	maps.Copy(custom, found.Custom) // what is sent stands in place of all that was there
	note{c.PublicKey, c.Created, strconv.Itoa(number)}.into(custom)
	body, err := json.Marshal(map[string]any{"custom_metadata": custom})
	if err == nil {
		_, err = s.ask(ctx, http.MethodPost, s.at("metadata", name), body)
	}
	return err
}

// destroy removes what the versions of a secret hold, up to one, for good.
func (s secrets) destroy(ctx context.Context, name string, upTo int) error {
	found, err := s.metadata(ctx, name)
	if err != nil || found == nil {
		return err
	}
	var numbers []int
	for text, v := range found.Versions {
		if n, err := strconv.Atoi(text); err == nil && n <= upTo && !v.Destroyed {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	body, err := json.Marshal(map[string][]int{"versions": numbers})
	if err == nil {
		_, err = s.ask(ctx, http.MethodPost, s.at("destroy", name), body)
	}
	if err == nil {
		err = s.gone(ctx, name, upTo)
	}
	return err
}

// gone makes sure that no version holds anything any more, up to one.
func (s secrets) gone(ctx context.Context, name string, upTo int) error {
	found, err := s.metadata(ctx, name)
	if err != nil || found == nil {
		return err
	}
	for text, v := range found.Versions {
		if n, err := strconv.Atoi(text); err == nil && n <= upTo && !v.Destroyed {
			return fault.New(fault.Failed, "version %d of %s is still there after it was destroyed", n, s.where(name)).
				WithHint("%s", fmt.Sprintf("destroy it by hand: vault kv destroy -versions=%d %s", n, s.where(name)))
		}
	}
	return nil
}
