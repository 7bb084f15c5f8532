package invocationcmd

import (
	"context"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/safefile"
)

// source is one invocation to look at, and where it came from.
type source struct {
	invocation.Input
	where string
}

// sources reads every file, and stdin for "-" or where none is named.
func (a verbs) sources(ctx context.Context, paths []string) ([]source, error) {
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	var all []source
	for _, path := range paths {
		data, where, err := a.ReadNamed(ctx, path, safefile.Shared, invocation.MostMessage)
		if err != nil {
			return nil, err
		}
		inputs, err := invocation.ParseInputs(data)
		if err != nil {
			return nil, fault.New(fault.Failed, "%s", where).Because(err)
		}
		for _, in := range inputs {
			all = append(all, source{in, where})
		}
	}
	return all, nil
}
