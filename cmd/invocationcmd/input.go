package invocationcmd

import (
	"context"
	"io"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/terminal"
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
		where := path
		var data []byte
		var err error
		if path == "-" {
			where = "stdin"
			data, err = readAll(ctx, a.Sys.Stdin)
		} else {
			data, err = safefile.Read(path, safefile.Shared, invocation.MostMessage)
		}
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

func readAll(ctx context.Context, from io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(terminal.Interruptible(ctx, from), invocation.MostMessage+1))
	if err == nil && len(data) > invocation.MostMessage {
		err = fault.New(fault.Failed, "stdin holds more than %d bytes", invocation.MostMessage)
	}
	return data, err
}
