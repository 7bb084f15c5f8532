package keystorecmd

import (
	"context"
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
	var o initOptions
	c := &cobra.Command{
		Use:   "init [URI]",
		Short: "Make an age: or nats: keystore",
		Long: `Makes the folder of an age: keystore and sets who can open it: the recipients, which
are listed in recipients.txt, or whoever knows a passphrase. It never changes a
keystore that exists. The other kinds of keystore do not have to be made.

Of a nats: keystore it makes the bucket too, with three replicas in a cluster unless
--replicas says otherwise. Your identity signs for it: you are its first maintainer.
The URI that it prints trusts you, and not whoever runs the servers: put that one
into the manifest.

--new-identity FILE makes an age identity for you, in a file that only you can read
and that must not exist, and prints its public key; the identity opens the keystore,
beside the other recipients. latch looks for one in latch/identity.txt of your
configuration folder, ~/.config on Linux; elsewhere, LATCH_IDENTITY_FILE names it.`,
		Example: "  latch keystore init age:keys --new-identity ~/.config/latch/identity.txt\n" +
			"  latch keystore init age:keys --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore init age:keys --recipients-file ~/.ssh/id_ed25519.pub\n" +
			"  latch keystore init age:keys --passphrase\n" +
			"  latch keystore init nats://nats.example.org:4222/team --new-identity id.txt",
		Args: app.AtMostOne,
		RunE: func(c *cobra.Command, args []string) error { return a.init(c, args, &o) },
	}
	o.Register(c)
	c.Flags().StringVar(&o.identity, newIdentity, "", "make an age identity in this new file, and encrypt to it")
	c.Flags().IntVar(&o.replicas, "replicas", 0, "keep this many copies of a nats: keystore, on as many servers")
	return c
}

type initOptions struct {
	app.SealOptions
	identity string
	replicas int
}

const newIdentity = "new-identity"

func (a verbs) init(c *cobra.Command, args []string, o *initOptions) error {
	ctx := c.Context()
	store, err := a.sharer(args)
	if err != nil {
		return err
	}
	if _, bucket := store.(*keystore.Bucket); !bucket && o.replicas != 0 {
		return app.UsageIn(c, "--replicas is for nats: keystores")
	}
	made := c.Flags().Changed(newIdentity)
	identity := settings.FromHome(o.identity, a.Sys.Home())
	to, err := a.initialRecipients(c, o, made)
	if err != nil {
		return err
	}
	if made {
		mine, err := a.identityFor(c, identity, store, &o.SealOptions)
		if err != nil {
			return err
		}
		to = append([]agefile.Recipient{mine}, to...)
	}
	secret, err := a.initialPassphrase(ctx, &o.SealOptions, store.URI())
	if err != nil {
		return err
	}
	defer clear(secret)
	if bucket, is := store.(*keystore.Bucket); is {
		store, err = a.configured(bucket, o, identity)
	}
	if err == nil {
		err = store.Init(ctx, to, secret)
	}
	if err != nil {
		if made {
			err = app.IdentityStays(err, identity, to[0])
		}
		return err
	}
	if err := a.showNewStore(ctx, store, identity, to); err != nil || !made {
		return err
	}
	a.SayWhereIdentityIs(ctx, identity)
	return nil
}

// initialRecipients are those that are named; none need be where an identity is made.
func (a verbs) initialRecipients(c *cobra.Command, o *initOptions, made bool) ([]agefile.Recipient, error) {
	if made && !o.Given() {
		return nil, nil
	}
	return a.SealRecipients(c, &o.SealOptions)
}

// configured is the bucket's keystore as it is to be made, signed for by the identity
// that was just made, if one was.
func (a verbs) configured(bucket *keystore.Bucket, o *initOptions, identity string) (keystore.Sharer, error) {
	if identity != "" {
		opened, err := a.OpenWithIdentity(bucket.URI(), ".", identity)
		if err != nil {
			return nil, err
		}
		bucket, _ = opened.(*keystore.Bucket)
	}
	bucket.Configure(keystore.BucketConfig{Replicas: o.replicas})
	return bucket, nil
}

// showNewStore shows who can open a new keystore; nobody but who knows the
// passphrase, if there are no recipients.
func (a verbs) showNewStore(ctx context.Context, store keystore.Sharer, identity string, to []agefile.Recipient) error {
	doc := struct {
		Keystore   string              `json:"keystore"`
		Passphrase bool                `json:"passphrase"`
		Recipients []recipientDocument `json:"recipients"`
		Identity   string              `json:"identity,omitempty"`
		Trusting   string              `json:"trusting,omitempty"` // the URI
	}{store.URI(), len(to) == 0, describeRecipients(to), identity, ""}
	if bucket, is := store.(*keystore.Bucket); is {
		var err error
		if doc.Trusting, err = bucket.Trusting(ctx); err != nil {
			return err
		}
	}
	return a.ShowDone(doc, func(w io.Writer) {
		if len(to) == 0 {
			fmt.Fprintf(w, "%s: opens with the passphrase\n", doc.Keystore)
			return
		}
		fmt.Fprintf(w, "%s: opens for %d recipient%s\n", doc.Keystore, len(to), app.Plural(len(to)))
		if identity != "" {
			fmt.Fprintf(w, "Public key: %s\n", to[0].Text)
		}
		if doc.Trusting != "" {
			fmt.Fprintf(w, "URI that trusts you: %s\n", doc.Trusting)
		}
	})
}

func (a verbs) initialPassphrase(ctx context.Context, o *app.SealOptions, uri string) ([]byte, error) {
	if !o.Passphrase {
		return nil, nil
	}
	return a.NewPassphrase(ctx, uri)
}

// sharer is the keystore of a URI, or the one in use, which must be an age: or nats: one.
func (a verbs) sharer(args []string) (keystore.Sharer, error) {
	store, err := a.keystoreAt(args)
	if err != nil {
		return nil, err
	}
	sharer, ok := store.(keystore.Sharer)
	if !ok {
		scheme, _, _ := strings.Cut(store.URI(), ":")
		hint := "name one: --keystore age:DIR"
		if len(args) > 0 { // of init
			hint = "it needs no init; to store a key in it: latch keys gen cluster --name NAME --keystore " + app.Word(store.URI())
		}
		return nil, fault.New(fault.Usage, "%s: keystores have no recipients; only age: and nats: keystores do", scheme).WithHint("%s", hint)
	}
	return sharer, nil
}
