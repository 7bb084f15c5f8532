package keystorecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/settings"
)

func newInit(a verbs) *cobra.Command {
	var o app.SealOptions
	var identity string
	c := &cobra.Command{
		Use:   "init [URI]",
		Short: "Make an age: keystore",
		Long: `Makes the folder of an age: keystore and sets who can open it: the recipients, which
are listed in recipients.txt, or whoever knows a passphrase. It never changes a
keystore that exists. The other kinds of keystore do not have to be made.

--new-identity FILE makes an age identity for you, in a file that only you can read
and that must not exist, and prints its public key; the identity opens the keystore,
beside the other recipients. latch looks for one in latch/identity.txt of your
configuration folder, ~/.config on Linux; elsewhere, LATCH_IDENTITY_FILE names it.`,
		Example: "  latch keystore init age:keys --new-identity ~/.config/latch/identity.txt\n" +
			"  latch keystore init age:keys --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore init age:keys --recipients-file ~/.ssh/id_ed25519.pub\n" +
			"  latch keystore init age:keys --passphrase",
		Args: app.AtMostOne,
		RunE: func(c *cobra.Command, args []string) error { return a.init(c, args, &o, identity) },
	}
	o.Register(c)
	c.Flags().StringVar(&identity, newIdentity, "", "make an age identity in this new file, and encrypt to it")
	return c
}

const newIdentity = "new-identity"

func (a verbs) init(c *cobra.Command, args []string, o *app.SealOptions, identity string) error {
	ctx := c.Context()
	store, err := a.sharer(args)
	if err != nil {
		return err
	}
	made := c.Flags().Changed(newIdentity)
	identity = settings.FromHome(identity, a.Sys.Home())
	var to []agefile.Recipient
	if !made || o.Given() {
		if to, err = o.Recipients(c); err != nil {
			return err
		}
		if !o.Passphrase && len(to) == 0 {
			return errors.New("the recipients file names no recipient")
		}
	}
	if made {
		mine, err := a.identityFor(c, identity, store, o)
		if err != nil {
			return err
		}
		to = append([]agefile.Recipient{mine}, to...)
	}
	secret, err := a.initialPassphrase(ctx, o, store.URI())
	if err != nil {
		return err
	}
	defer clear(secret)
	if err := store.Init(ctx, to, secret); err != nil {
		if made {
			err = app.IdentityStays(err, identity, to[0])
		}
		return err
	}
	err = a.showNewStore(store.URI(), identity, to)
	if made && err == nil {
		a.SayWhereIdentityIs(ctx, identity)
	}
	return err
}

// showNewStore shows who can open a new keystore; nobody but who knows the
// passphrase, if there are no recipients.
func (a verbs) showNewStore(uri, identity string, to []agefile.Recipient) error {
	doc := struct {
		Keystore   string              `json:"keystore"`
		Passphrase bool                `json:"passphrase"`
		Recipients []recipientDocument `json:"recipients"`
		Identity   string              `json:"identity,omitempty"`
	}{uri, len(to) == 0, describeRecipients(to), identity}
	return a.ShowDone(doc, func(w io.Writer) {
		if len(to) == 0 {
			fmt.Fprintf(w, "%s: opens with the passphrase\n", uri)
			return
		}
		fmt.Fprintf(w, "%s: opens for %d recipient%s\n", uri, len(to), app.Plural(len(to)))
		if identity != "" {
			fmt.Fprintf(w, "Public key: %s\n", to[0].Text)
		}
	})
}

func (a verbs) initialPassphrase(ctx context.Context, o *app.SealOptions, uri string) ([]byte, error) {
	if !o.Passphrase {
		return nil, nil
	}
	return a.NewPassphrase(ctx, uri)
}

// sharer is the keystore of a URI, or the one in use, which must be an age: one.
func (a verbs) sharer(args []string) (keystore.Sharer, error) {
	store, err := a.keystoreAt(args)
	if err != nil {
		return nil, err
	}
	sharer, ok := store.(keystore.Sharer)
	if !ok {
		scheme, _, _ := strings.Cut(store.URI(), ":")
		return nil, fault.New(fault.Usage, "%s: keystores have no recipients; only age: keystores do", scheme).WithHint("name one: --keystore age:DIR")
	}
	return sharer, nil
}
