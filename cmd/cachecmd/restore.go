package cachecmd

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
)

type restoreOptions struct {
	placeFlags

	file     string
	streams  []string
	add      bool
	replicas int
}

func newRestore(a verbs) *cobra.Command {
	var o restoreOptions
	c := &cobra.Command{
		Use:   "restore FILE [STREAM...]",
		Short: "Put back what a copy of the lattice's cache holds",
		Long: `Puts the messages of a copy that latch cache purge wrote back into their streams, in
their order and byte for byte: subject, header and data. Sequence numbers and times
are new. A stream that is gone is made anew with the configuration it had. What was
stored is read back and compared; if not all of it can be restored, what was put
into empty streams is purged again.

The copy is read from end to end first: a damaged one restores nothing. A stream that
holds something is refused (exit 5), unless --add is given: then what is restored
comes after what is there, and replaces it where the key is the same.`,
		Example:           "  latch cache restore prod-cache.jsonl\n  latch cache restore prod-cache.jsonl KV_CONFIGDATA_prod",
		Args:              app.AtLeastOne("FILE"),
		ValidArgsFunction: a.completeCopy,
		RunE: func(c *cobra.Command, args []string) error {
			o.file, o.streams = args[0], args[1:]
			switch {
			case o.file == "-":
				return app.UsageIn(c, "a copy is read twice, so it cannot come from stdin: give its file")
			case o.replicas < 0:
				return app.UsageIn(c, "--replicas is a number of servers, such as 3")
			}
			return a.restore(c.Context(), o)
		},
	}
	o.register(c, a.App)
	c.Flags().BoolVar(&o.add, "add", false, "restore also into streams that hold something")
	c.Flags().IntVar(&o.replicas, "replicas", 0, "replicas of streams that are made anew (default as many as they had)")
	return c
}

// completeCopy offers files, then streams.
func (a verbs) completeCopy(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return a.completeStreams(c, args, typed)
}

func (a verbs) restore(ctx context.Context, o restoreOptions) error {
	var info cache.CopyInfo
	err := readCopy(o.file, func(r io.Reader) (err error) {
		info, err = cache.ReadCopy(r, func(cache.CopiedStream, cache.Message) error { return nil })
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", o.file, err)
	}
	p, end, err := o.open(ctx, a.App, info)
	if err != nil {
		return err
	}
	defer end()
	plan, err := p.Restoration(ctx, info, o.streams, o.add, o.replicas)
	if err != nil {
		return err
	}
	if o.add {
		if err := a.Confirm(ctx, fmt.Sprintf("Add what the copy holds to what there is of the lattice %s?", p.lattice)); err != nil {
			return err
		}
	}
	var done []cache.Restored
	bar := a.Progress("restoring", int64(plan.Messages()), "messages")
	err = a.Change(func() error {
		return readCopy(o.file, func(r io.Reader) error {
			done, err = plan.Run(ctx, r, bar.Add)
			return err
		})
	})
	bar.Close()
	if err != nil {
		return err
	}
	return a.showRestored(p, o, info, done)
}

// restoredDocument is a stream that was restored, as JSON output gives it.
type restoredDocument struct {
	streamDocument
	Restored uint64 `json:"restored"`
	Made     bool   `json:"made"`
	LeftOut  int    `json:"headers_left_out,omitempty"`
}

func (a verbs) showRestored(p place, o restoreOptions, info cache.CopyInfo, done []cache.Restored) error {
	doc := struct {
		placeDocument
		File    string             `json:"file"`
		Taken   time.Time          `json:"taken"`
		Streams []restoredDocument `json:"streams"`
	}{p.document(), o.file, info.Taken, []restoredDocument{}}
	for _, s := range done {
		doc.Streams = append(doc.Streams, restoredDocument{describe(s.Stream), s.Restored, s.Made, s.Conditions})
		if s.Conditions > 0 {
			a.Warn("%d header%s of %s left out: a server would obey them anew", s.Conditions, app.Plural(s.Conditions), s.Stream.Stream)
		}
	}
	return a.ShowDone(doc, func(w io.Writer) {
		if len(done) == 0 {
			fmt.Fprintf(w, "%s: the copy holds nothing\n", doc.placeDocument)
		}
		for _, s := range done {
			made := ""
			if s.Made {
				made = ", which was made anew"
			}
			fmt.Fprintf(w, "restored %d message%s to %s%s: %s\n", s.Restored, app.Plural(int(s.Restored)), s.Stream.Stream, made, inWords(s.Stream))
		}
	})
}
