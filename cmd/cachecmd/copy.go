package cachecmd

import (
	"context"
	"io"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
)

// writeCopy writes a copy to a new file and reads it back. Links hold passwords of
// databases and the like, so that the file is private.
func (a verbs) writeCopy(ctx context.Context, p place, path string, streams []cache.Stream) error {
	bar := a.Progress("copying", int64(total(streams)), "messages")
	defer bar.Close()
	var failed error // as it was, not as a failure of the disk
	err := safefile.CreateBy(path, safefile.Private, func(w io.Writer) error {
		failed = p.Copy(ctx, w, streams, a.Sys.Now(), bar.Add)
		return failed
	})
	if failed != nil && fault.KindOf(failed) != fault.Failed {
		return failed
	}
	if err != nil {
		return err
	}
	back, err := safefile.Stream(path)
	if err != nil {
		return err
	}
	defer func() { _ = back.Close() }()
	if err := cache.Verify(back, streams); err != nil {
		return fault.New(fault.Failed, "%s does not hold what was just written; nothing was purged", path).Because(err)
	}
	return nil
}

func total(streams []cache.Stream) (count uint64) {
	for _, s := range streams {
		count += s.Messages
	}
	return count
}

// readCopy reads a copy that a person names, from end to end, and gives its messages
// to take.
func readCopy(path string, take func(r io.Reader) error) error {
	if err := safefile.Judge(path, safefile.Owned); err != nil {
		return err
	}
	file, err := safefile.Stream(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return take(file)
}
