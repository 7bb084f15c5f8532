package sealed

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// announce writes what is public of a seed that is about to get the name. A file
// that somebody else put where it belongs is never replaced.
func (s *session) announce(ctx context.Context, name string, r record) error {
	file := name + recordSuffix
	data, err := s.Blobs.Read(ctx, file, recordLimit)
	switch {
	case store.Absent(err):
		return s.held.Create(ctx, comingPrefix+file, r.encode())
	case err != nil:
		return err
	}
	if there, err := parseRecord(data); err == nil && there.PublicKey == r.PublicKey {
		return nil
	}
	return fault.New(fault.Exists, "%s is there already, and is not about the key %s", s.Where(file), r.PublicKey).
		WithHint("choose another name, or move the file away")
}

// withdraw marks what is public of a seed that is about to go.
func (s *session) withdraw(ctx context.Context, name string) error {
	err := s.held.Rename(ctx, name+recordSuffix, goingPrefix+name+recordSuffix)
	if store.Absent(err) {
		return nil
	}
	return err
}

// mendRecords settles what was announced and what was withdrawn, also by a run
// that was cut short: it belongs beside its sealed file, or goes where there is
// none.
func (s *session) mendRecords(ctx context.Context) error {
	all, err := s.Blobs.List(ctx)
	if err != nil {
		return err
	}
	for _, file := range all {
		name, waits := waiting(file)
		if !waits {
			continue
		}
		if err := s.mendRecord(ctx, all, file, name); err != nil {
			return fmt.Errorf("failed to settle %s: %w", s.Where(file), err)
		}
	}
	return nil
}

func (s *session) mendRecord(ctx context.Context, all []string, file, name string) error {
	record := name + recordSuffix
	if slices.Contains(all, name+s.Suffix) && !slices.Contains(all, record) {
		return s.held.Rename(ctx, file, record)
	}
	return s.held.Remove(ctx, file)
}

// waiting gives the name of the seed that a file is waiting for.
func waiting(file string) (string, bool) {
	rest, marked := strings.CutPrefix(file, comingPrefix)
	if !marked {
		rest, marked = strings.CutPrefix(file, goingPrefix)
	}
	name, named := strings.CutSuffix(rest, recordSuffix)
	return name, marked && named
}

// writeRecord makes what is public of a seed anew.
func (s *session) writeRecord(ctx context.Context, name string, r record) error {
	return s.held.Apply(ctx, []store.Change{{Name: name + recordSuffix, Data: r.encode()}})
}
