package keyscmd

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

type genOptions struct {
	kind   string
	name   string
	count  int
	vanity string
	to     []string
}

func newGen(a verbs) *cobra.Command {
	var o genOptions
	c := &cobra.Command{
		Use:   "gen KIND",
		Short: "Generate a key pair, or many",
		Long: "Generates a key pair. Without --name it prints the pair as wash does and stores\n" +
			"nothing. With --name it stores the seed in the keystore and prints only the public\n" +
			"key.\n\n" +
			"--count generates many and prints a table, or one JSON object per line with\n" +
			"-o json. With --name, all of them are stored or none; put %d or %03d into the name\n" +
			"for the number.\n\n" +
			"--vanity searches for a public key that has your text after its first letter. The\n" +
			"second character of a key is always A, B, C or D.\n\n" +
			kindHelp(),
		Example: "  latch keys gen cluster\n" +
			"  latch keys gen cluster -o json | jq -r .seed\n" +
			"  latch keys gen cluster --name prod-cluster\n" +
			"  latch keys gen cluster --count 3 --name 'web-%02d'\n" +
			"  latch keys gen cluster --vanity CAFE\n" +
			"  latch keys gen cluster --name web-1 --to host-web-1",
		Args:              app.Exactly("KIND"),
		ValidArgsFunction: completeKinds,
		RunE: func(c *cobra.Command, args []string) error {
			o.kind = args[0]
			if len(o.to) > 0 && o.name == "" {
				return app.UsageIn(c, "--to is for a key that is stored: add --name NAME")
			}
			return a.gen(c.Context(), o, c.Flags().Changed("count"))
		},
	}
	flags := c.Flags()
	flags.StringVar(&o.name, "name", "", "store the seed under this name instead of printing it")
	flags.IntVar(&o.count, "count", 1, "generate this many")
	flags.StringArrayVar(&o.to, "to", nil, "let this recipient of a nats: keystore open it too, by name (repeatable)")
	_ = c.RegisterFlagCompletionFunc("to", a.CompleteRecipientNames)
	flags.StringVar(&o.vanity, "vanity", "", "search for a public key with this text after its first letter")
	return c
}

func kindHelp() string {
	var b strings.Builder
	b.WriteString("KIND is one of:\n")
	for _, k := range keys.Kinds() {
		names := strings.Join(append([]string{k.String()}, k.Aliases()...), ", ")
		b.WriteString("  " + string(k.Letter()) + "  " + names + strings.Repeat(" ", max(1, 26-len(names))) + k.Use() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func completeKinds(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, k := range keys.Kinds() {
		names = append(names, k.String()+"\t"+k.Use())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a verbs) gen(ctx context.Context, o genOptions, many bool) error {
	kind, err := parseKind(o.kind)
	if err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch keys gen cluster")
	}
	if many {
		return a.genMany(ctx, kind, o)
	}
	if o.name != "" {
		if err := a.checkFree(ctx, o.name); err != nil {
			return err
		}
	}
	seed, err := a.newSeed(ctx, kind, o.vanity)
	if err != nil {
		return err
	}
	defer seed.Wipe()
	if o.name != "" {
		return a.keep(ctx, o, seed)
	}
	return a.printNewPair(seed)
}

func (a verbs) newSeed(ctx context.Context, kind keys.Kind, vanity string) (keys.Seed, error) {
	if vanity == "" {
		return keys.Generate(kind, a.Sys.Random)
	}
	return a.searchVanity(ctx, kind, vanity)
}

// checkFree refuses a name that is taken before there is a key for it, and before
// anything is unlocked. What cannot be listed is told when the key is stored.
func (a verbs) checkFree(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := keystore.CheckName(name); err != nil {
			return err
		}
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	entries, _ := store.List(ctx)
	for _, name := range names {
		if entry, taken := app.EntryNamed(entries, name); taken {
			return fault.New(fault.Exists, "%s already has a key named %q, %s", store.URI(), name, entry.PublicKey).
				WithHint("choose another name, or look at it: latch keys get %s", name)
		}
	}
	return nil
}

// keep stores the seed and prints its public key only.
func (a verbs) keep(ctx context.Context, o genOptions, seed keys.Seed) error {
	name := o.name
	store, err := a.KeystoreFor(o.to)
	if err != nil {
		return err
	}
	if err := store.Put(ctx, name, seed); err != nil {
		return err
	}
	doc := app.DescribeKey(keystore.Entry{Name: name, PublicKey: seed.PublicKey()})
	doc.Keystore = store.URI()
	if err := a.ShowDone(doc, func(w io.Writer) { printPair(w, seed.PublicKey(), nil) }); err != nil {
		return err
	}
	a.Say("Stored the seed as %s in %s.", name, store.URI())
	return nil
}

func (a verbs) printNewPair(seed keys.Seed) error {
	text := seed.Reveal()
	defer clear(text)
	doc := struct {
		PublicKey keys.PublicKey `json:"public_key"`
		Seed      string         `json:"seed"`
	}{seed.PublicKey(), string(text)}
	if err := a.Reveal(doc, func(w io.Writer) { printPair(w, seed.PublicKey(), text) }); err != nil {
		return err
	}
	a.Say("The seed is a secret: keep it safe and do not share it.")
	a.WarnIfReadable()
	return nil
}
