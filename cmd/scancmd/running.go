package scancmd

import (
	"context"
	"errors"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// running are the running hosts that sign with each key or accept it. What keeps them
// from being asked is told: nothing is known of them then.
func (a verbs) running(ctx context.Context, o options, manifest *lattice.Document) map[keys.PublicKey][]string {
	known, err := a.ask(ctx, o, manifest)
	if err != nil {
		a.Warn("whether a running host knows the keys is not known: %v", err)
	}
	return known
}

func (a verbs) ask(ctx context.Context, o options, manifest *lattice.Document) (map[keys.PublicKey][]string, error) {
	if manifest == nil {
		return nil, errors.New("there is no manifest that says which lattice they are in")
	}
	asker, end, err := o.Open(ctx, a.App, manifest.Manifest(), nil)
	if err != nil {
		return nil, err
	}
	defer end()
	asker.Strangers() // a host that nobody lists may know a key as well
	status, err := asker.See(ctx, a.Warn)
	if err != nil {
		return nil, err
	}
	known := map[keys.PublicKey][]string{}
	for _, row := range status.Rows {
		if row.Reply == nil {
			continue
		}
		its := append(keys.Issuers{row.Reply.Signs}, row.Reply.Accepts...)
		slices.SortFunc(its, func(x, y keys.PublicKey) int { return slices.Compare([]byte(x.String()), []byte(y.String())) })
		for _, key := range slices.Compact(its) {
			known[key] = append(known[key], row.Host)
		}
	}
	return known, nil
}
