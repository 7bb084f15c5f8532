package envcmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// sourceFlags say whence a host's environment comes.
type sourceFlags struct {
	lattice string
	offline string
}

// registerLattice adds the flag of a command that looks once, and keeps nothing.
func (f *sourceFlags) registerLattice(c *cobra.Command) {
	f.offline = never
	c.Flags().StringVar(&f.lattice, "lattice", "", "take the published manifest of this lattice from the nats: keystore")
	_ = c.RegisterFlagCompletionFunc("lattice", cobra.NoFileCompletions)
}

// register adds the flags of a command that starts a host.
func (f *sourceFlags) register(c *cobra.Command) {
	f.registerLattice(c)
	c.Flags().StringVar(&f.offline, "offline-copy", anyAge, "start from the copy that was kept while NATS is away: any, never, or its greatest age, such as 72h")
	_ = c.RegisterFlagCompletionFunc("offline-copy", cobra.FixedCompletions([]string{anyAge, never}, cobra.ShellCompDirectiveNoFileComp))
}

// Values of --offline-copy besides an age.
const (
	anyAge = "any"
	never  = "never"
)

// offline says how old a copy may be that a host is started from: nothing is kept
// where none may be.
type offline struct {
	never bool
	most  time.Duration // 0: any
}

func parseOffline(text string) (offline, error) {
	switch text {
	case anyAge, "":
		return offline{}, nil
	case never:
		return offline{never: true}, nil
	}
	most, err := lattice.ParseSpan(text)
	if err != nil || most <= 0 {
		return offline{}, fault.New(fault.Usage, "--offline-copy must be any, never or an age, such as 72h or 7d")
	}
	return offline{most: most}, nil
}

func (o offline) keeps() bool { return !o.never }

// start is look, or what the machine has kept where the bucket cannot be reached: that
// is judged as the bucket itself would be. What the bucket refuses stays refused.
func (s *source) start(ctx context.Context) (*start, error) {
	found, err := s.look(ctx)
	if err == nil || s.copy == nil || ctx.Err() != nil || !keystore.Away(err) {
		return found, err
	}
	away := err
	bucket, current, err := s.copy.Offline()
	if fault.Is(err, fault.NotFound) {
		return nil, away
	}
	if err != nil {
		s.Warn("%v", away)
		return nil, err
	}
	age := s.Sys.Now().Sub(current)
	if s.offline.most > 0 && age > s.offline.most {
		return nil, fault.New(fault.Unavailable, "the copy that this machine kept is %s old, and may be %s", lattice.FormatAge(age), lattice.FormatAge(s.offline.most)).Because(away).
			WithHint("start it with --offline-copy any, if that will do")
	}
	s.Warn("%v", away)
	found, err = s.from(ctx, bucket, bucket)
	if err != nil {
		return nil, err
	}
	found.kept = current
	s.Warn("%s starts with what this machine kept %s ago, at %s: generation %d", s.host, lattice.FormatAge(age), current.Format(time.RFC3339), found.environment.Generation)
	return found, nil
}
