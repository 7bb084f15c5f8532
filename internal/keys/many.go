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
	publics := make([]PublicKey, len(payloads))
	defer clear(payloads)
	for done := 0; done < n; {
		payloads = payloads[:min(len(payloads), n-done)]
		if err := fill(payloads, random); err != nil {
			return err
		}
		stretches := (len(payloads) + stretch - 1) / stretch
		Each(stretches, workers, func(i int) {
			end := min((i+1)*stretch, len(payloads))
			deriveAll(kind, payloads[i*stretch:end], publics[i*stretch:end])
		})
		for i := range payloads {
			if err := ctx.Err(); err != nil {
				return err
			}
			seed := seedOf(&payloads[i], publics[i])
			if !seed.acceptable() {
				seed.Wipe()
				continue
			}
			if err := yield(seed); err != nil {
				return err
			}
			done++
		}
	}
	return nil
}

// fill reads randomness in one go: a system call for every seed would be felt.
func fill(payloads [][32]byte, random io.Reader) error {
	read := make([]byte, 32*len(payloads))
	defer clear(read)
	if _, err := io.ReadFull(random, read); err != nil {
		return fmt.Errorf("failed to read randomness: %w", err)
	}
	for i := range payloads {
		copy(payloads[i][:], read[32*i:])
	}
	return nil
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
