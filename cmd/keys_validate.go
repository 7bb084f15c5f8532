package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
)

// validateLimit bounds what is read from stdin, in bytes.
const validateLimit = 16 << 20

type keysValidateOptions struct {
	texts []string
	kind  string
}

func newKeysValidate(a *app) *cobra.Command {
	var o keysValidateOptions
	c := &cobra.Command{
		Use:   "validate [KEY...|-]",
		Short: "Is this a key that a host will accept?",
		Long: `Judges keys as the strictest host does, and names one cause where one fails.
Keys are arguments, or lines of stdin with - or without arguments; on a terminal
it asks, without echo. Never type a seed as an argument: it is then in the
shell's history and in the process list.

Exit code 3 if any key is not valid.`,
		Example: "  latch keys validate CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD\n" +
			"  latch keys validate --kind cluster - < issuers.txt",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.texts = args
			return a.keysValidate(c.Context(), o)
		},
	}
	c.Flags().StringVar(&o.kind, "kind", "", "demand keys of this kind")
	_ = c.RegisterFlagCompletionFunc("kind", completeKinds)
	return c
}

func (a *app) keysValidate(ctx context.Context, o keysValidateOptions) error {
	var want keys.Want
	if o.kind != "" {
		kind, err := keys.ParseKind(o.kind)
		if err != nil {
			return &usageError{err: err}
		}
		want.Kind = kind
	}
	texts, err := a.keysToValidate(ctx, o.texts)
	if err != nil {
		return err
	}
	var found []diagnosisDocument
	invalid := 0
	for _, text := range texts {
		d := keys.Diagnose(text, want)
		clear(text)
		if !d.Valid() {
			invalid++
		}
		found = append(found, diagnosed(d))
	}
	if err := a.showDiagnoses(found, invalid); err != nil {
		return err
	}
	if invalid > 0 {
		return no()
	}
	return nil
}

func (a *app) showDiagnoses(found []diagnosisDocument, invalid int) error {
	var doc any = struct {
		Keys    []diagnosisDocument `json:"keys"`
		Valid   int                 `json:"valid"`
		Invalid int                 `json:"invalid"`
	}{found, len(found) - invalid, invalid}
	if len(found) == 1 {
		doc = found[0]
	}
	return a.show(doc, func(w io.Writer) {
		for _, d := range found {
			d.print(w, a.outPalette())
		}
	})
}

// keysToValidate reads the keys: arguments, stdin, or a prompt without echo.
func (a *app) keysToValidate(ctx context.Context, args []string) ([][]byte, error) {
	if len(args) == 0 && a.sys.Terminal.Stdin {
		text, err := a.askSecret(ctx, "Key (not echoed): ")
		return [][]byte{text}, err
	}
	if len(args) == 0 || len(args) == 1 && args[0] == "-" {
		return a.keysOnStdin(ctx)
	}
	texts := make([][]byte, len(args))
	for i, arg := range args {
		texts[i] = []byte(arg)
		if d := keys.Diagnose(arg, keys.Want{}); d.Role == keys.RoleSeed {
			a.warn("the seed in argument %d is now in the shell's history and was in the process list; pass seeds on stdin", i+1)
		}
	}
	return texts, nil
}

// keysOnStdin splits stdin into lines, one key each.
func (a *app) keysOnStdin(ctx context.Context) ([][]byte, error) {
	all, err := await(ctx, io.ReadAll, io.LimitReader(a.sys.Stdin, validateLimit+1))
	if err != nil {
		return nil, fmt.Errorf("failed to read keys from stdin: %w", err)
	}
	if len(all) > validateLimit {
		return nil, fmt.Errorf("stdin holds more than %d bytes", validateLimit)
	}
	all = bytes.TrimSuffix(bytes.TrimSuffix(all, []byte("\n")), []byte("\r"))
	if len(all) == 0 {
		return nil, withHint(errors.New("stdin is empty, no key to validate"), "latch keys validate KEY")
	}
	if isBrokenKey(all) {
		return [][]byte{all}, nil
	}
	var texts [][]byte
	for line := range bytes.SplitSeq(all, []byte("\n")) {
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) > 0 {
			texts = append(texts, line)
		}
	}
	return texts, nil
}

// isBrokenKey reports whether text is one key with line ends inside: one key
// with a flaw, not two short ones.
func isBrokenKey(text []byte) bool {
	joined := bytes.Join(bytes.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }), nil)
	defer clear(joined)
	return len(joined) < len(text) && keys.Diagnose(joined, keys.Want{}).Valid()
}
