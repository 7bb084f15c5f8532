package natsconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
)

// Step is what a connection does before it can be used.
type Step string

// The steps, in their order.
const (
	Resolve      Step = "resolve"      // the server's name to an address
	Reach        Step = "connect"      // the address, and a server of NATS there
	TLSStep      Step = "tls"          // the handshake
	Authenticate Step = "authenticate" // the login
)

// Failure is the step that a connection failed at, and why.
type Failure struct {
	Step  Step
	Cause error
}

// Error is the cause's.
func (f *Failure) Error() string { return f.Cause.Error() }

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// failed is the error of a connection that failed at a step.
func (o Options) failed(step Step, cause error) error {
	failure := &Failure{step, cause}
	return fault.New(fault.Unavailable, "%s", o.says(step)).Because(failure).WithHint("%s", o.hint(step))
}

func (o Options) says(step Step) string {
	server := strings.Join(o.Server.URLs, ", ")
	switch step {
	case Resolve:
		return "the name of the NATS server " + server + " is not known"
	case TLSStep:
		return "the NATS server " + server + " could not be talked to over TLS"
	case Authenticate:
		return "the NATS server " + server + " lets nobody in with these credentials"
	default:
		return "the NATS server " + server + " could not be reached"
	}
}

func (o Options) hint(step Step) string {
	switch {
	case step == Resolve:
		return "check the name, and whether this machine asks the right name servers"
	case step == TLSStep:
		return "--nats-ca FILE names the authority of the server's certificate; a client's own certificate is given by a context of the nats command, --nats-context NAME"
	case step == Authenticate && o.Login.IsZero():
		return "give credentials: --creds FILE, --as HOST for those of a host in the manifest, or --nats-context NAME"
	case step == Authenticate:
		return "a server does not say why: the user may have expired, been revoked, or belong to another account; latch nats check tells which"
	default:
		return "check the address, and whether this machine may reach it: latch nats check"
	}
}

// explain finds the step that failed. dialled is why the last connection could not
// be opened, which counts before what the library makes of it.
func (o Options) explain(ctx context.Context, dialled, err error) error {
	var unknown *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.As(dialled, &unknown):
		return o.failed(Resolve, dialled)
	case dialled != nil && !isOver(ctx, dialled):
		return o.failed(Reach, dialled)
	case isTLS(err):
		return o.failed(TLSStep, err)
	case isLogin(err):
		return o.failed(Authenticate, err)
	case ctx.Err() != nil:
		return o.failed(Reach, fault.New(fault.Failed, "no answer within the time"))
	}
	return o.failed(Reach, plainly(err))
}

// aMoment is how much sooner than ctx the network may notice that the time is up.
const aMoment = 100 * time.Millisecond

// isOver tells whether ctx has ended, or ends by the deadline at which the network gave
// up.
func isOver(ctx context.Context, dialled error) bool {
	if isTimeout(dialled) {
		select {
		case <-ctx.Done():
		case <-time.After(aMoment):
		}
	}
	return ctx.Err() != nil
}

func isTimeout(err error) bool {
	var failure net.Error
	return errors.As(err, &failure) && failure.Timeout()
}

// isSlowLogin tells that a server had not yet judged a login when it asked, after a
// second, whether the client is still there: the library then takes its question for
// the answer, and gives up.
func isSlowLogin(err error) bool {
	return err != nil && strings.Contains(err.Error(), "expected 'PONG', got 'PING'")
}

// plainly says what the library says of servers that are slow, or none of NATS.
func plainly(err error) error {
	switch {
	case isTimeout(err):
		return fault.New(fault.Failed, "it accepts connections, but does not answer as NATS does")
	case errors.Is(err, nats.ErrNoInfoReceived):
		return fault.New(fault.Failed, "what listens there is not NATS")
	case isSlowLogin(err):
		return fault.New(fault.Failed, "it takes more than a second to let anybody in")
	}
	return err
}

func isTLS(err error) bool {
	var (
		record    tls.RecordHeaderError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		host      x509.HostnameError
		remote    *net.OpError
	)
	return errors.Is(err, nats.ErrTLS) || errors.Is(err, nats.ErrSecureConnRequired) || errors.Is(err, nats.ErrSecureConnWanted) ||
		errors.As(err, &record) || errors.As(err, &authority) || errors.As(err, &invalid) || errors.As(err, &host) ||
		errors.As(err, &remote) && remote.Op == "remote error"
}

func isLogin(err error) bool {
	for _, refusal := range []error{
		nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrAuthRevoked, nats.ErrAccountAuthExpired,
		nats.ErrMaxAccountConnectionsExceeded, nats.ErrNkeysNotSupported,
	} {
		// A closed connection gives the server's words with a capital.
		if errors.Is(err, refusal) || strings.EqualFold(err.Error(), refusal.Error()) {
			return true
		}
	}
	return false
}
