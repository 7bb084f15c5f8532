package natscmd

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// permissionsOptions say for whom permissions are asked, and what is known of the
// lattice beside its manifest.
type permissionsOptions struct {
	lattice, target, role, format string
	with                          []string
	topicPrefix, domain           string
	policyTopic, policyChanges    string
	secretsTopic                  string
	hostKey, provider             string
	bucket                        string
	errorLine                     string
}

// The forms of the output that -o does not know.
const (
	asText   = "text"
	asConfig = "conf"
	asNSC    = "nsc"
)

func newPermissions(a verbs) *cobra.Command {
	var o permissionsOptions
	c := &cobra.Command{
		Use:   "permissions",
		Short: "List the least that each NATS user must be allowed",
		Long: `Lists what each NATS user of the lattice must be allowed, with the reason of each
permission: the users of the hosts' connections (ctl, rpc, prov_rpc), of a provider
with a user of its own, of an operator, of an observer who only looks, and of latch
itself. Lattice, targets and services in use come from the manifest; without one
name them with --lattice and --target. The users of a nats: keystore's bucket are
listed one at a time: --for keystore-reader.

--format conf prints them for the configuration of a NATS server, --format nsc as
commands of nsc. --for-error says which permission is missing, from a line of a
host's or a server's log.

Permissions do not separate two lattices in one account: give each lattice an
account of its own.`,
		Example: `  latch nats permissions --for ctl
  latch nats permissions --lattice prod --target rust-1.3 --format conf
  latch nats permissions --for keystore-reader --bucket team
  latch nats permissions --for-error 'Permissions Violation for Publish to "wasmbus.evt.prod"'`,
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.permissions(c, o) },
	}
	o.register(c)
	app.HasOwnForm(c, "format")
	return c
}

func (o *permissionsOptions) register(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&o.lattice, "lattice", "", "prefix of the lattice, in place of a manifest")
	flags.StringVar(&o.target, "target", "", "target of the hosts: "+app.AllTargetNames())
	flags.StringVar(&o.role, "for", "", "list only what this user needs: "+strings.Join(roleNames(), ", "))
	flags.StringVar(&o.format, "format", asText, "form of the output: text, conf, nsc")
	listflag.Add(flags, &o.with, "with", "what else is in use: "+strings.Join(switchNames(), ", "))
	flags.StringVar(&o.topicPrefix, "topic-prefix", "", "what begins the subjects of control commands (default "+wasmcloud.DefaultCtlTopicPrefix+")")
	flags.StringVar(&o.domain, "js-domain", "", "JetStream domain of the lattice's data")
	flags.StringVar(&o.policyTopic, "policy-topic", "", "subject that hosts ask for policy decisions")
	flags.StringVar(&o.policyChanges, "policy-changes-topic", "", "subject on which policy decisions are taken back")
	flags.StringVar(&o.secretsTopic, "secrets-topic", "", "what begins the subjects that hosts ask for secrets")
	flags.StringVar(&o.hostKey, "host-key", "", "public key of the host, N…: it hears no commands to others")
	flags.StringVar(&o.provider, "provider", "", "public key or name of the provider: it hears no calls to others")
	flags.StringVar(&o.bucket, "bucket", "", "bucket of a nats: keystore, for its users (default that of the keystore in use)")
	flags.StringVar(&o.errorLine, "for-error", "", "explain this line of a log: which permission is missing")
	_ = c.RegisterFlagCompletionFunc("lattice", cobra.NoFileCompletions)
	_ = c.RegisterFlagCompletionFunc("bucket", cobra.NoFileCompletions)
	_ = c.RegisterFlagCompletionFunc("target", app.CompleteAllTargets)
	_ = c.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(describedRoles(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{asText, asConfig, asNSC}, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("with", cobra.FixedCompletions(describedSwitches(), cobra.ShellCompDirectiveNoFileComp))
}

func roleNames() []string {
	var names []string
	for _, r := range wasmcloud.Roles() {
		names = append(names, r.String())
	}
	for _, r := range permissions.KeystoreRoles() {
		names = append(names, r.String())
	}
	return names
}

func describedRoles() []string {
	var described []string
	for _, r := range wasmcloud.Roles() {
		described = append(described, r.String()+"\t"+r.About())
	}
	for _, r := range permissions.KeystoreRoles() {
		described = append(described, r.String()+"\t"+r.About())
	}
	return described
}

func switchNames() []string {
	var names []string
	for _, o := range wasmcloud.Switches() {
		names = append(names, string(o))
	}
	return names
}

func describedSwitches() []string {
	var described []string
	for _, o := range wasmcloud.Switches() {
		described = append(described, string(o)+"\t"+o.About())
	}
	return described
}

func (a verbs) permissions(c *cobra.Command, o permissionsOptions) error {
	show, err := o.printer(a)
	if err != nil {
		return app.UsageOf(c, err)
	}
	r, err := o.read()
	if err != nil {
		return app.UsageOf(c, err)
	}
	if o.errorLine != "" {
		return a.forError(c, o.errorLine, r)
	}
	var users []neededUser
	if r.keystore != nil {
		users, err = a.ofKeystore(*r.keystore, o.bucket)
	} else {
		users, err = a.ofLattice(c, r)
	}
	if err != nil {
		return err
	}
	return a.Show(describeUsers(users), func(w io.Writer) { show(w, users) })
}
