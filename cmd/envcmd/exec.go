package envcmd

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

type execOptions struct {
	fromCredentials bool
	from            sourceFlags
	host            string
	argv            []string
	restart         restartOptions
}

func newExec(a verbs) *cobra.Command {
	var o execOptions
	c := &cobra.Command{
		Use:   "exec [HOST] -- CMD [ARG...]",
		Short: "Run a program with the environment of a host",
		Long: `Runs a program with the environment of a host added to its own. No shell is
involved, no seed is written to disk in the clear, and the LATCH_ variables are
removed. The program gets the signals, and its exit code is that of the command.

Where no manifest is named, and none is at hand, a nats: keystore gives it, as latch
lattice publish has put it there. So a host needs the keystore's URI, an identity
file and rights to read, and nothing else. What it needs is kept, as encrypted and
signed as it was, for a start while NATS cannot be reached.

With --restart-on-change latch stays. When the host would be told something else than
it was started with, the program gets SIGTERM, is killed after --stop-timeout, and is
started anew: one host of the lattice at a time, and the next once the last answers
with the keys that it was given. Where one does not within --start-timeout, the
roll-out halts there, and all say so. An emergency rotation does not wait. Nothing is
touched because something cannot be read, verified or seen. Hosts take turns in a
JetStream bucket beside the nats: keystore, or else where they take commands.

With --from-credentials the environment comes from the credential latch.json of a
systemd service, without HOST, manifest or keystore: see the dialect
systemd-credentials.`,
		Example: `  latch env exec web-1 -- wasmcloud_host
  latch env exec web-1 --keystore "$URI" --identity-file host.key -- wasmcloud_host
  latch env exec web-1 --restart-on-change --start-timeout 5m -- wasmcloud_host
  latch env exec --from-credentials -- wasmcloud_host`,
		Args:              o.args,
		ValidArgsFunction: a.completeExec,
		RunE: func(c *cobra.Command, args []string) error {
			if !o.fromCredentials {
				o.host, args = args[0], args[1:]
			}
			o.argv = args
			if err := o.restart.check(c, o.fromCredentials); err != nil {
				return err
			}
			return a.exec(c.Context(), o)
		},
	}
	o.from.register(c)
	c.Flags().BoolVar(&o.fromCredentials, "from-credentials", false, "read the environment from the credentials of a systemd service")
	o.restart.register(c, a.App)
	c.MarkFlagsMutuallyExclusive("from-credentials", "lattice")
	c.MarkFlagsMutuallyExclusive("from-credentials", "offline-copy")
	return c
}

// args demands HOST, unless the credentials say which, then -- and a program.
func (o *execOptions) args(c *cobra.Command, args []string) error {
	hosts := 1
	if o.fromCredentials {
		hosts = 0
	}
	switch dash := c.ArgsLenAtDash(); {
	case hosts > 0 && (len(args) == 0 || dash == 0):
		return app.UsageIn(c, "HOST is missing")
	case hosts == 0 && dash > 0:
		return app.UsageIn(c, "give either HOST or --from-credentials, not both")
	case dash != hosts && hosts == 0:
		return app.UsageIn(c, "the program to run must come after --")
	case dash != hosts:
		return app.UsageIn(c, "the program to run must come after HOST and --")
	case len(args) == hosts:
		return app.UsageIn(c, "the program to run is missing after --")
	}
	return nil
}

func (a verbs) exec(ctx context.Context, o execOptions) error {
	path, err := exec.LookPath(o.argv[0])
	if err != nil {
		return fault.New(fault.NotFound, "cannot run %s", o.argv[0]).Because(errors.Unwrap(err))
	}
	if o.restart.onChange {
		return a.supervise(ctx, o, path)
	}
	environment, wipe, err := a.environmentOf(ctx, o)
	if err != nil {
		return err
	}
	defer wipe()
	environ, err := env.Child(a.Sys.Environ, environment)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	code, err := a.Sys.Replace(path, o.argv, environ)
	if err != nil {
		return fmt.Errorf("failed to run %s: %w", path, err)
	}
	return app.ExitWith(code)
}

// environmentOf is the host's, from the manifest or from the credentials.
func (a verbs) environmentOf(ctx context.Context, o execOptions) (env.Environment, func(), error) {
	if o.fromCredentials {
		e, err := a.credential()
		return e, e.Wipe, err
	}
	source, err := a.newSource(o.host, o.from, 0)
	if err != nil {
		return env.Environment{}, nil, err
	}
	found, err := source.start(ctx)
	if err != nil {
		return env.Environment{}, nil, err
	}
	return found.environment, found.wipe, nil
}

// mostCredential is as large as systemd lets a credential be, in bytes.
const mostCredential = 1 << 20

// credential reads the environment that systemd hands to the service. Who may
// read the file is systemd's to decide: it may grant it by an access control
// list, which looks like group rights.
func (a verbs) credential() (env.Environment, error) {
	const variable = "CREDENTIALS_DIRECTORY"
	dir, set := a.Sys.Getenv(variable)
	if !set || dir == "" {
		return env.Environment{}, fault.New(fault.NotFound, "%s is not set: systemd gives this process no credentials", variable).WithHint("add the output of latch env print HOST --dialect systemd-credentials to the unit")
	}
	path := filepath.Join(dir, env.Credential)
	text, err := safefile.Read(path, safefile.Shared, mostCredential)
	if err != nil {
		return env.Environment{}, err
	}
	defer clear(text)
	e, err := env.ReadCredential(text)
	if err != nil {
		return env.Environment{}, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// completeExec offers a host, and behind -- a program.
func (a verbs) completeExec(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	typedSoFar := a.Sys.Arguments() // cobra adds a -- of its own to what it parses
	if dash := slices.Index(typedSoFar, "--"); dash >= 0 {
		return a.CompleteProgram(typedSoFar[dash+1:len(typedSoFar)-1], typed)
	}
	if len(args) > 0 {
		return []string{"--"}, cobra.ShellCompDirectiveNoFileComp
	}
	return a.CompleteHosts(c, args, typed)
}
