package keyscmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/bounded"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/rawtext"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type validateOptions struct {
	texts  []string
	file   string
	kind   string
	target string
}

func newValidate(a verbs) *cobra.Command {
	var o validateOptions
	c := &cobra.Command{
		Use:   "validate [KEY...|-]",
		Short: "Check whether hosts will accept a key",
		Long: `Checks keys as the strictest host does. If a key is not valid, latch names one cause
and, if exactly one single-character change would repair the key, that change. It
never applies it, and for a seed it shows only the position.

Give keys as arguments, on stdin (- or no argument) or in a file: one per line,
comma-separated lists of issuers, or env files, in which the variables that hold
keys are checked. On a terminal latch asks, with a hidden prompt. Never type a seed
as an argument: it ends up in the shell history and the process list.

Exit code 3 if any key is not valid.`,
		Example: "  latch keys validate CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD\n" +
			"  latch keys validate --kind cluster - < issuers.txt\n" +
			"  latch keys validate --file web-1.env --for otp",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.texts = args
			return a.validate(c.Context(), o)
		},
	}
	c.Flags().StringVar(&o.file, "file", "", "check the keys in this file; - is stdin")
	c.Flags().StringVar(&o.kind, "kind", "", "accept only keys of this kind")
	c.Flags().StringVar(&o.target, "for", "", "check cluster keys for hosts of this target: "+app.TargetNames())
	_ = c.RegisterFlagCompletionFunc("kind", completeKinds)
	_ = c.RegisterFlagCompletionFunc("for", app.CompleteTargets)
	return c
}

func (a verbs) validate(ctx context.Context, o validateOptions) error {
	rules, err := o.rules()
	if err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch keys validate --help")
	}
	if o.file == "-" {
		o.file, o.texts = "", []string{o.file}
	}
	j := &judge{a: a, rules: rules}
	out := newVerdicts(a, o.file)
	switch {
	case o.file != "":
		return a.validateFile(ctx, j, out)
	case len(o.texts) == 0 && a.Sys.Terminal.Stdin:
		return a.validatePrompted(ctx, j, out)
	case len(o.texts) == 0 || len(o.texts) == 1 && o.texts[0] == "-":
		return a.validateStream(ctx, j, out, a.Sys.Stdin)
	}
	return a.validateArguments(ctx, j, out, o.texts)
}

func (o validateOptions) rules() (rules, error) {
	var r rules
	var err error
	if o.file != "" && len(o.texts) > 0 {
		return r, errors.New("give either --file or keys as arguments, not both")
	}
	if o.kind != "" {
		if r.kind, err = parseKind(o.kind); err != nil {
			return r, err
		}
	}
	if o.target == "" {
		return r, nil
	}
	if r.target, err = wasmcloud.ParseTarget(o.target); err != nil {
		return r, err
	}
	if r.target.IgnoresClusterKeys() {
		return r, fmt.Errorf("%s hosts do not read cluster keys: wasmCloud 1.0 removed them", r.target)
	}
	if r.kind != keys.AnyKind && r.kind != keys.Cluster {
		return r, fmt.Errorf("--for checks cluster keys, but --kind asks for %s keys", r.kind)
	}
	return r, nil
}

func (a verbs) validateArguments(ctx context.Context, j *judge, out *verdicts, args []string) error {
	for i, arg := range args {
		v := j.verdict(ctx, keys.Found{Want: j.rules.want(), Text: []byte(arg)})
		if v.Role == keys.RoleSeed.String() {
			a.Warn("the seed in argument %d is now in the shell history and was in the process list: pass seeds on stdin", i+1)
		}
		out.add(v)
	}
	return out.end(len(args) > 1)
}

func (a verbs) validatePrompted(ctx context.Context, j *judge, out *verdicts) error {
	text, err := a.AskSecret(ctx, "Key (not echoed): ")
	if err != nil {
		return err
	}
	defer clear(text)
	out.add(j.verdict(ctx, keys.Found{Want: j.rules.want(), Text: text}))
	return out.end(false)
}

func (a verbs) validateFile(ctx context.Context, j *judge, out *verdicts) error {
	file, err := bounded.Call(ctx, func() (io.ReadCloser, error) { return safefile.Stream(out.file) }) // a pipe may have no writer
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return a.validateStream(ctx, j, out, file)
}

// textStart is how much of a text tells its encoding.
const textStart = 64

// validateStream judges whatever comes, batch by batch, in constant memory.
func (a verbs) validateStream(ctx context.Context, j *judge, out *verdicts, from io.Reader) error {
	in := bufio.NewReader(terminal.Interruptible(ctx, from))
	if start, _ := in.Peek(textStart); rawtext.IsUTF16(start) { // an error shows when it is read
		flaw := rawtext.Check(start)
		return fault.New(fault.Failed, "%s: %s", orStdin(out.file), flaw.Message).WithHint("%s", flaw.Hint)
	}
	bar := a.Progress("validating", -1, "keys")
	b := &batch{judge: j, emit: out.add}
	err := keys.Scan(in, wasmcloud.KeySlots(), j.rules.want(), func(f keys.Found) bool {
		if b.add(f) {
			bar.Add(int64(b.flush(ctx)))
		}
		return ctx.Err() == nil && !out.failed()
	})
	b.flush(ctx)
	bar.Close()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("stopped after %d keys: %w", out.count(), err)
	}
	if out.count() == 0 {
		return fault.New(fault.Failed, "no key to validate in %s", orStdin(out.file)).WithHint("latch keys validate KEY")
	}
	return out.end(out.count() > 1 || out.file != "")
}

func orStdin(name string) string {
	if name == "" {
		return "the input on stdin"
	}
	return name
}
