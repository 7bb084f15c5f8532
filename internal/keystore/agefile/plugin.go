package agefile

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/plugin"

	"github.com/latch-keys/latch/internal/bounded"
	"github.com/latch-keys/latch/internal/fault"
)

// pluginLimit bounds how long a plugin may take: somebody has to find the token and
// touch it.
const pluginLimit = 2 * time.Minute

// Talk is how a plugin that holds an identity speaks to the person.
type Talk struct {
	// Say shows a message; nil: nobody listens.
	Say func(message string)
	// Ask asks for a value, such as a PIN, which is not shown if it is secret; nil:
	// there is nobody to ask.
	Ask func(ctx context.Context, prompt string, secret bool) (string, error)
	// Limit bounds how long a plugin may take; zero is two minutes.
	Limit time.Duration
}

// isPluginIdentity knows an identity that a plugin holds, AGE-PLUGIN-NAME-1…
func isPluginIdentity(line string) bool { return strings.HasPrefix(line, "AGE-PLUGIN-") }

// pluginIdentity opens files through the program age-plugin-NAME.
type pluginIdentity struct{ text, name string }

func parsePluginIdentity(path, text string) (identity, error) {
	name, _, err := plugin.ParseIdentity(text)
	if err != nil { // never with what was found there
		return nil, fmt.Errorf("%s holds a malformed identity of a plugin", path)
	}
	return pluginIdentity{text, name}, nil
}

func (p pluginIdentity) use(t *attempt) age.Identity { return &pluginUse{p, t} }

type pluginUse struct {
	pluginIdentity
	*attempt
}

// Unwrap asks the plugin, which may ask the person.
func (p *pluginUse) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if p.quiet {
		p.passed = append(p.passed, "the plugin "+p.name+", which is not asked here")
		return nil, age.ErrIncorrectIdentity
	}
	key, err := within(p.ctx, p.talk.Limit, p.name, func() ([]byte, error) {
		id, err := plugin.NewIdentity(p.text, p.talk.ui(p.ctx))
		if err != nil {
			return nil, err
		}
		return id.Unwrap(stanzas)
	})
	if err == nil || errors.Is(err, age.ErrIncorrectIdentity) {
		return key, err
	}
	return nil, p.end(pluginFailed(p.name, err))
}

// ui hands what a plugin says and asks on to the person.
func (k Talk) ui(ctx context.Context) *plugin.ClientUI {
	ui := &plugin.ClientUI{}
	if k.Say != nil {
		ui.DisplayMessage = func(name, message string) error { k.Say(name + ": " + message); return nil }
		ui.WaitTimer = func(name string) { k.Say("waiting for the plugin " + name) }
	}
	if k.Ask != nil {
		ui.RequestValue = func(name, prompt string, secret bool) (string, error) {
			return k.Ask(ctx, name+": "+prompt+" ", secret)
		}
		ui.Confirm = func(name, prompt, yes, no string) (bool, error) {
			choices := yes
			if no != "" {
				choices += "/" + no
			}
			answer, err := k.Ask(ctx, fmt.Sprintf("%s: %s [%s] ", name, prompt, choices), false)
			return strings.EqualFold(answer, yes), err
		}
	}
	return ui
}

// within bounds what a plugin does: nothing else ends it while latch runs.
func within[T any](ctx context.Context, limit time.Duration, name string, act func() (T, error)) (T, error) {
	if limit == 0 {
		limit = pluginLimit
	}
	late := fault.New(fault.Unavailable, "the plugin age-plugin-%s did not finish within %s", name, limit).
		WithHint("try again, and touch the token or answer when it asks")
	ctx, cancel := context.WithTimeoutCause(ctx, limit, late)
	defer cancel()
	return bounded.Call(ctx, act)
}

// pluginFailed says what is wrong with a plugin.
func pluginFailed(name string, err error) error {
	var missing *plugin.NotFoundError
	switch {
	case errors.As(err, &missing):
		return fault.New(fault.Unavailable, "the plugin age-plugin-%s is not there", name).
			WithHint("install it, into a folder of PATH")
	case fault.Is(err, fault.Unavailable) || errors.Is(err, context.Canceled):
		return err
	}
	return fault.New(fault.Locked, "the plugin age-plugin-%s failed", name).Because(err).
		WithHint("try it alone: age -d -i FILE")
}

// pluginRecipient encrypts through the program age-plugin-NAME.
type pluginRecipient struct{ text, name string }

// Wrap encrypts the key of a file.
func (p pluginRecipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	stanzas, _, err := p.WrapWithLabels(fileKey)
	return stanzas, err
}

// WrapWithLabels also tells what the file must not be mixed with.
func (p pluginRecipient) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	type wrapped struct {
		stanzas []*age.Stanza
		labels  []string
	}
	w, err := within(context.Background(), 0, p.name, func() (wrapped, error) {
		r, err := plugin.NewRecipient(p.text, Talk{}.ui(context.Background()))
		if err != nil {
			return wrapped{}, err
		}
		stanzas, labels, err := r.WrapWithLabels(fileKey)
		return wrapped{stanzas, labels}, err
	})
	if err != nil {
		return nil, nil, pluginFailed(p.name, err)
	}
	return w.stanzas, w.labels, nil
}
