package keystoretest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

// Memory is a place for blobs that is no folder.
type Memory struct {
	mu     sync.Mutex // of blobs
	locked sync.Mutex // while a session is open
	blobs  map[string][]byte
}

// Where is what a person calls a blob.
func (m *Memory) Where(name string) string { return "memory/" + name }

// List gives the names of all blobs.
func (m *Memory) List(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.blobs)), nil
}

// Read gives what is in a blob.
func (m *Memory) Read(_ context.Context, name string, limit int64) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, there := m.blobs[name]
	switch {
	case !there:
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	case int64(len(data)) > limit:
		return nil, safefile.ErrTooLarge
	}
	return bytes.Clone(data), nil
}

// Leftovers are none, ever.
func (m *Memory) Leftovers(context.Context) ([]store.Finding, error) { return nil, nil }

// Lock begins a session.
func (m *Memory) Lock(ctx context.Context, _ bool) (store.BlobSession, error) {
	m.locked.Lock()
	if err := ctx.Err(); err != nil {
		m.locked.Unlock()
		return nil, err
	}
	return &memorySession{m}, nil
}

type memorySession struct{ *Memory }

func (s *memorySession) Release() { s.locked.Unlock() }

func (s *memorySession) Create(ctx context.Context, name string, data []byte) error {
	if _, err := s.Read(ctx, name, int64(len(data))); !store.Absent(err) {
		return fs.ErrExist
	}
	return s.Apply(ctx, []store.Change{{Name: name, Data: data}})
}

func (s *memorySession) Apply(_ context.Context, changes []store.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blobs == nil {
		s.blobs = map[string][]byte{}
	}
	for _, c := range changes {
		if c.Data == nil {
			delete(s.blobs, c.Name)
			continue
		}
		s.blobs[c.Name] = bytes.Clone(c.Data)
	}
	return nil
}

func (s *memorySession) Rename(ctx context.Context, from, to string) error {
	data, err := s.Read(ctx, from, 1<<20)
	if err != nil {
		return err
	}
	if err := s.Create(ctx, to, data); err != nil {
		return err
	}
	return s.Remove(ctx, from)
}

func (s *memorySession) Remove(ctx context.Context, name string) error {
	if _, err := s.Read(ctx, name, 1<<20); err != nil {
		return err
	}
	return s.Apply(ctx, []store.Change{{Name: name}})
}
