package store

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/fault"
)

// Again makes a change of what is at a place, from the start where somebody else made
// one meanwhile, which is the error changed; so many times at the most.
func Again(ctx context.Context, tries int, place string, changed error, change func() error) error {
	for range tries {
		err := change()
		if !errors.Is(err, changed) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "others keep changing %s", place).WithHint("try again later")
}
