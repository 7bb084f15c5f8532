package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// atOnce is how many secrets are looked at at the same time.
const atOnce = 8

// medium is a path of secrets.
type medium struct {
	at     Address
	around surroundings
	now    func() time.Time
	notice func(message string)

	mu    sync.Mutex
	found *secrets // once the server has answered
}

// secrets are those of the store; the first to ask looks for them.
func (m *medium) secrets(ctx context.Context) (secrets, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found != nil {
		return *m.found, nil
	}
	c, err := connect(ctx, m.around)
	if err != nil {
		return secrets{}, err
	}
	if c.inClear() && m.notice != nil {
		m.notice(fmt.Sprintf("%s is not encrypted: seeds and the token travel in clear", c.base))
	}
	found, err := find(ctx, c, m.at)
	if err == nil {
		m.found = &found
	}
	return found, err
}

func (m *medium) List(ctx context.Context) ([]store.Entry, error) {
	s, err := m.secrets(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.lookAll(ctx)
	if err != nil {
		return nil, err
	}
	var entries []store.Entry
	var errs []error
	for _, each := range all {
		if each.err != nil {
			errs = append(errs, each.err)
		} else if each.taken {
			entries = append(entries, each.Entry)
		}
	}
	return entries, errors.Join(errs...)
}

// seen is what one look has told.
type seen struct {
	store.Entry

	taken bool
	err   error
}

// lookAll looks at every secret.
func (s secrets) lookAll(ctx context.Context) ([]seen, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]seen, len(names))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(atOnce, len(names)) {
		wait.Go(func() {
			for i := range next {
				e, taken, err := s.look(ctx, names[i])
				if err == nil && taken {
					err = store.CheckName(names[i])
				}
				e.Name = names[i]
				all[i] = seen{e, taken, err}
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	wait.Wait()
	return all, ctx.Err()
}

func (m *medium) Read(ctx context.Context, name string) (keys.Seed, error) {
	s, err := m.secrets(ctx)
	if err != nil {
		return keys.Seed{}, err
	}
	v, err := s.current(ctx, name)
	defer v.clear()
	switch {
	case err != nil:
		return keys.Seed{}, err
	case !v.live:
		return keys.Seed{}, store.ErrNoKey
	}
	seed, err := v.seed(s.where(name))
	if err != nil {
		return keys.Seed{}, err
	}
	if told, ok := v.note.entry(name, v.number); ok {
		err = store.Match(s.where(name), seed.PublicKey(), told.PublicKey)
	}
	if err != nil {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

// Lock begins a change. It keeps nobody away: what is written counts only over the
// version that was read, and is begun again where that has changed.
func (m *medium) Lock(ctx context.Context, _ bool) (store.Session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := m.secrets(ctx)
	if err != nil {
		return nil, err
	}
	return &session{secrets: s, medium: m, seen: map[string]int{}}, nil
}
