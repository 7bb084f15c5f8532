package scancmd

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/scan"
)

// verbs are the command of the noun.
type verbs struct{ *app.App }

type options struct {
	paths    []string
	git      bool
	staged   bool
	ignored  bool
	shallow  bool
	accepted string

	live.Flags

	live bool
}

// New builds `latch scan`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	var o options
	c := &cobra.Command{
		Use:   "scan [PATH...]",
		Short: "Find leaked seeds in files, archives, git history and logs",
		Long: `Finds seeds where none should be, by their shape and checksum: in files and folders,
in archives (zip, tar, ar, gzip, bzip2, xz, lzma, zstd), in standard input (-), and with
--git in everything that git keeps in the repository that a path lies in, deleted and
unreachable objects among it. It also finds those that stand over several lines, in
base64, in small letters, and those that hosts take although their checksum is wrong.
Seeds that are cut short are not found.

Of each key it says where its seed stands, whether the manifest or the keystore knows
it, and what to do; with --live also which running hosts know it. A seed is never
printed. Seeds that stand in wasmCloud's own documentation are told apart.

A folder in a git work tree is read but for what git ignores; --ignored reads that too.
--staged reads the next commit, as it stands in the index: for a pre-commit hook.

A leak that cannot be undone is accepted by its public key, with the date and the reason,
in the file .latch-accepted:
  CABC… 2026-03-01 was only ever used in a demo

Exit code 3 if a seed was found; otherwise 4 if something could not be read, if the clone
is shallow or git has lost objects, if nothing came on stdin or through a pipe, or if
nothing was looked at. The last line says how much was read.`,
		Example: "  latch scan\n  latch scan --git\n  latch scan --live\n  latch scan --staged\n  journalctl -u wasmcloud | latch scan -\n  latch scan --git -o sarif > scan.sarif",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return a.run(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.BoolVar(&o.git, "git", false, "also read all that git keeps: every branch, deleted and unreachable objects")
	flags.BoolVar(&o.staged, "staged", false, "read only what the next commit would add")
	flags.BoolVar(&o.ignored, "ignored", false, "also read files that git ignores")
	flags.BoolVar(&o.shallow, "allow-shallow", false, "do not fail because the clone does not have the whole history")
	flags.StringVar(&o.accepted, "accepted", "", "list of accepted leaks (default .latch-accepted, if it is there)")
	c.MarkFlagsMutuallyExclusive("staged", "git")
	c.MarkFlagsMutuallyExclusive("staged", "ignored")
	flags.BoolVar(&o.live, "live", false, "also ask the running hosts of the manifest which of the keys they sign with or accept")
	o.Register(c, a.App)
	app.GivesSARIF(c)
	return c
}

func (a verbs) run(ctx context.Context, o options) error {
	accepted, err := a.accepted(o.accepted)
	if err != nil {
		return err
	}
	s := scan.New()
	if o.staged {
		err = a.staged(ctx, s, o)
	} else {
		err = a.look(ctx, s, o)
	}
	if err != nil {
		return err
	}
	d := a.judge(ctx, s, accepted, o)
	return a.show(d, o.staged)
}

// mostAccepted is more than any list of accepted leaks, in bytes.
const mostAccepted = 4 << 20

func (a verbs) accepted(path string) (map[keys.PublicKey]scan.Accepted, error) {
	named := path != ""
	if !named {
		path = scan.AcceptedFile
	}
	text, err := safefile.Read(path, safefile.Shared, mostAccepted)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := scan.ParseAccepted(text, a.Sys.Now())
	if err != nil {
		return nil, fault.New(fault.Failed, "%s", path).Because(err)
	}
	return all, nil
}
