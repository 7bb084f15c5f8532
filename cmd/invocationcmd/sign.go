package invocationcmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type signOptions struct {
	key     string
	from    string
	payload string
	form    string
	message invocation.Message
}

// The forms that a signed invocation is given in.
const (
	formToken   = "token"
	formMessage = "msgpack"
	formJSON    = "json"
)

func forms() []string { return []string{formToken, formMessage, formJSON} }

func newSign(a verbs) *cobra.Command {
	var o signOptions
	c := &cobra.Command{
		Use:   "sign",
		Short: "Sign an invocation with a cluster key from the keystore",
		Long: `Makes the token of an invocation, signed with a cluster key, byte for byte as Rust
hosts make it. The invocation comes from flags, or from a JSON document (--from)
as latch prints it with --form json; flags override the document.

It is for testing who accepts whom: nothing is sent anywhere.`,
		Example: "  latch invocation sign --key prod-cluster --origin MDNX… --target VC3I… --contract wasmcloud:httpserver --operation HttpServer.HandleRequest\n" +
			"  latch invocation sign --key prod-cluster --from call.json --form msgpack > message.bin",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.sign(c.Context(), o)
		},
	}
	app.HasOwnForm(c, "form")
	flags := c.Flags()
	flags.StringVar(&o.key, "key", "", "name of the cluster key in the keystore")
	flags.StringVar(&o.from, "from", "", "a JSON document of the invocation, - for stdin")
	flags.StringVar(&o.form, "form", formToken, "what to print: token, msgpack or json")
	flags.StringVar(&o.payload, "payload", "", "a file with the payload")
	flags.StringVar(&o.message.Origin.PublicKey, "origin", "", "public key of the caller")
	flags.StringVar(&o.message.Target.PublicKey, "target", "", "public key of what is called")
	flags.StringVar(&o.message.Target.ContractID, "contract", "", "contract of a provider that is called")
	flags.StringVar(&o.message.Target.LinkName, "link", "", "link name of a provider that is called (default: default)")
	flags.StringVar(&o.message.Operation, "operation", "", "the operation, for instance HttpServer.HandleRequest")
	flags.StringVar(&o.message.ID, "id", "", "id of the invocation (default: a new one)")
	flags.StringVar(&o.message.HostID, "host-id", "", "public key of the host that sends (default: a new one)")
	_ = c.RegisterFlagCompletionFunc("key", a.CompleteKeyNames)
	_ = c.RegisterFlagCompletionFunc("form", cobra.FixedCompletions(forms(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (a verbs) sign(ctx context.Context, o signOptions) error {
	if o.key == "" {
		return fault.New(fault.Usage, "--key is missing: which cluster key is to sign?").WithHint("latch keys list")
	}
	if err := a.checkForm(o.form); err != nil {
		return err
	}
	m, err := a.toSign(ctx, o)
	if err != nil {
		return err
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	seed, err := a.Seed(ctx, store, o.key)
	if err != nil {
		return app.WithNames(ctx, err, store, o.key)
	}
	defer seed.Wipe()
	if err := checkSigner(o.key, seed); err != nil {
		return err
	}
	tokenID, err := invocation.NewTokenID(a.Sys.Random)
	if err != nil {
		return err
	}
	claims := invocation.NewClaims(m, seed.PublicKey().String(), tokenID, uint64(a.Sys.Now().Unix()))
	if m.Claims, err = invocation.Sign(claims, seed); err != nil {
		return err
	}
	return a.showSigned(m, o.form)
}

// checkForm refuses a form that cannot be given, before a seed is opened.
func (a verbs) checkForm(form string) error {
	switch {
	case !slices.Contains(forms(), form):
		return fault.New(fault.Usage, "no form is called %q%s", form, similar.Question(form, forms())).WithHint("--form token, msgpack or json")
	case form == formMessage && a.Sys.Terminal.Stdout:
		return fault.New(fault.Usage, "a message in MessagePack is not for a terminal").WithHint("add: > message.bin")
	}
	return nil
}

// checkSigner refuses a seed that no host should sign with.
func checkSigner(name string, seed keys.Seed) error {
	if seed.Kind() != keys.Cluster {
		return fault.New(fault.Refused, "%s is a %s key: hosts sign invocations with cluster keys", name, seed.Kind()).WithHint("latch keys list")
	}
	return wasmcloud.RefusePublished(seed.PublicKey())
}

// toSign gathers the invocation, without its token.
func (a verbs) toSign(ctx context.Context, o signOptions) (invocation.Message, error) {
	m := o.message
	if o.from != "" {
		sources, err := a.sources(ctx, []string{o.from})
		if err != nil {
			return m, err
		}
		if len(sources) != 1 || sources[0].Message == nil {
			return m, fault.New(fault.Usage, "%s holds no single JSON document of an invocation", o.from).WithHint("latch invocation sign --help")
		}
		m = merged(*sources[0].Message, o.message)
	}
	if o.payload != "" {
		data, err := safefile.Read(o.payload, safefile.Shared, invocation.MostMessage)
		if err != nil {
			return m, err
		}
		m.Msg = data
	}
	return a.completed(m)
}

// merged takes from flags what they set, the rest from the document.
func merged(document, flags invocation.Message) invocation.Message {
	either := func(flag string, into *string) {
		if flag != "" {
			*into = flag
		}
	}
	either(flags.Origin.PublicKey, &document.Origin.PublicKey)
	either(flags.Target.PublicKey, &document.Target.PublicKey)
	either(flags.Target.ContractID, &document.Target.ContractID)
	either(flags.Target.LinkName, &document.Target.LinkName)
	either(flags.Operation, &document.Operation)
	either(flags.ID, &document.ID)
	either(flags.HostID, &document.HostID)
	return document
}

// completed fills in what every sender makes up, and refuses what no host
// would take for a call.
func (a verbs) completed(m invocation.Message) (invocation.Message, error) {
	for _, field := range []struct{ flag, value string }{
		{"--origin", m.Origin.PublicKey}, {"--target", m.Target.PublicKey}, {"--operation", m.Operation},
	} {
		if field.value == "" {
			return m, fault.New(fault.Usage, "%s is missing", field.flag).WithHint("latch invocation sign --help")
		}
	}
	if m.Target.ContractID != "" && m.Target.LinkName == "" {
		m.Target.LinkName = "default"
	}
	var err error
	if m.ID == "" {
		if m.ID, err = invocation.NewID(a.Sys.Random); err != nil {
			return m, err
		}
	}
	if m.HostID == "" {
		host, err := keys.Generate(keys.Server, a.Sys.Random)
		if err != nil {
			return m, err
		}
		m.HostID = host.PublicKey().String()
		host.Wipe()
	}
	length := uint64(len(m.Msg))
	m.ContentLength = &length
	return m, nil
}

// signedDocument is a signed invocation with -o json.
type signedDocument struct {
	Token   string             `json:"token"`
	Message invocation.Message `json:"message"`
}

func (a verbs) showSigned(m invocation.Message, form string) error {
	switch form {
	case formToken:
		return a.Reveal(signedDocument{m.Claims, m}, func(w io.Writer) { fmt.Fprintln(w, m.Claims) })
	case formJSON:
		return a.Reveal(m, func(w io.Writer) {
			encoder := json.NewEncoder(w)
			encoder.SetIndent("", "  ")
			_ = encoder.Encode(m) // the writer keeps its own error
		})
	}
	data, err := invocation.Encode(m)
	if err != nil {
		return err
	}
	_, err = a.Sys.Stdout.Write(data)
	return app.StdoutError(err)
}
