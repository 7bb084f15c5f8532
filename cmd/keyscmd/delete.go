package keyscmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

type deleteOptions struct {
	name  string
	force bool
}

func newDelete(a verbs) *cobra.Command {
	var o deleteOptions
	c := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a key from the keystore",
		Long: `Deletes a seed from the keystore, for good: nobody can make it again. It asks on
a terminal and needs --yes elsewhere.

It refuses to delete a key that the manifest uses; --force does it all the same,
and says which hosts break.`,
		Example:           "  latch keys delete prod-cluster\n  latch keys delete prod-cluster --yes",
		Args:              app.Exactly("NAME"),
		ValidArgsFunction: a.CompleteKeyNames,
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.delete(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.force, "force", false, "even if the manifest uses the key")
	return c
}

func (a verbs) delete(ctx context.Context, o deleteOptions) error {
	if err := keys.CheckName(o.name); err != nil {
		return err
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	entry, err := app.FindKey(ctx, store, o.name)
	if err != nil {
		return err
	}
	if err := a.mayGo(entry.PublicKey, o); err != nil {
		return err
	}
	question := fmt.Sprintf("Delete the seed of %s (%s) from %s for good?", o.name, entry.PublicKey, store.URI())
	if err := a.Confirm(ctx, question); err != nil {
		return err
	}
	if err := store.Delete(ctx, o.name, entry.PublicKey); err != nil {
		return err
	}
	doc := app.DescribeKey(entry)
	return a.Show(doc, func(w io.Writer) { fmt.Fprintf(w, "deleted %s %s\n", doc.Name, doc.PublicKey) })
}

// mayGo refuses to lose a key that the manifest in reach uses or, with --force,
// says what breaks.
func (a verbs) mayGo(public keys.PublicKey, o deleteOptions) error {
	use, err := a.useOf(public)
	switch {
	case err != nil && o.force:
		a.Warn("whether a host uses the key is not known: %v", err)
		return nil
	case err != nil:
		err = fmt.Errorf("cannot tell whether a host uses the key: %w", err)
		return fault.Hint(fault.As(fault.Refused, err), "mend the manifest, or delete it with --force")
	case use == "":
		return nil
	case o.force:
		a.Warn("%s", use)
		return nil
	}
	return fault.New(fault.Refused, "%s", use).WithHint("let no host use it first: latch issuers rotate start; or, if that is meant, add --force")
}

// useOf says what breaks in the lattice of the manifest in reach without the
// key, "" where nothing does.
func (a verbs) useOf(public keys.PublicKey) (string, error) {
	file, err := a.Manifest()
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	m := file.Manifest()
	for _, issuer := range m.Issuers {
		if issuer.PublicKey != public {
			continue
		}
		var hosts []string
		for _, h := range m.Hosts {
			if h.SignsWith == issuer.Name {
				hosts = append(hosts, h.Name)
			}
		}
		if len(hosts) == 0 {
			return fmt.Sprintf("%s has the key as issuer %s, which a host may be made to sign with", file.Path(), issuer.Name), nil
		}
		return fmt.Sprintf("the %s sign%s with the key %s: no env file can be written for %s without the seed",
			listOf(hosts, "host"), third(hosts), issuer.Name, them(hosts)), nil
	}
	return "", nil
}

// listOf names things: "host a", "hosts a and b", "hosts a, b and c".
func listOf(names []string, thing string) string {
	if len(names) == 1 {
		return thing + " " + names[0]
	}
	last := len(names) - 1
	return thing + "s " + strings.Join(names[:last], ", ") + " and " + names[last]
}

func them(names []string) string {
	if len(names) == 1 {
		return "it"
	}
	return "them"
}

// third is the s of a verb whose subject is one.
func third(names []string) string {
	if len(names) == 1 {
		return "s"
	}
	return ""
}
