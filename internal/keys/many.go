package keys

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// batch is how many keys are worked on between two looks at the context. It
// bounds memory, and is large enough that handing out work costs nothing.
const batch = 1024

// GenerateMany makes n key pairs on as many goroutines as workers says and hands
// them to yield in order: those that n calls of Generate would have made from
// the same randomness. It stops at the first error of yield, or when ctx ends.
// The seeds are yield's to wipe.
func GenerateMany(ctx context.Context, kind Kind, n, workers int, random io.Reader, yield func(Seed) error) error {
	if kind == AnyKind || kind >= kindEnd {
		return fmt.Errorf("cannot generate keys of an unknown kind")
	}
	payloads := make([][32]byte, min(n, batch))
	seeds := make([]Seed, len(payloads))
	for done := 0; done < n; done += len(payloads) {
		payloads = payloads[:min(len(payloads), n-done)]
		if err := fill(payloads, random); err != nil {
			return err
		}
		Each(len(payloads), workers, func(i int) {
			seeds[i] = newSeed(kind, &payloads[i])
			clear(payloads[i][:])
		})
		for i := range payloads {
			err := ctx.Err()
			if err == nil {
				err = yield(seeds[i])
			}
			if err != nil {
				wipeAll(seeds[i:len(payloads)])
				return err
			}
		}
	}
	return nil
}

func fill(payloads [][32]byte, random io.Reader) error {
	for i := range payloads {
		if _, err := io.ReadFull(random, payloads[i][:]); err != nil {
			clear(payloads)
			return fmt.Errorf("failed to read randomness: %w", err)
		}
	}
	return nil
}

func wipeAll(seeds []Seed) {
	for _, s := range seeds {
		s.Wipe()
	}
}

// Each calls do for 0 to n-1, shared out among workers in equal stretches, and
// returns when all are done.
func Each(n, workers int, do func(int)) {
	workers = max(1, min(workers, n))
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				do(i)
			}
		})
	}
	all.Wait()
}
