package natscmd

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/credentials/accounts"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
)

// The waits for servers: for an answer that is due, which takes long where the disk is
// busy, and for one more where not every server answers.
const (
	answerWithin = 5 * time.Second
	quietAfter   = 2 * time.Second
)

// servers connects as a user of the system account, as whom the flags say.
func servers(ctx context.Context, a *app.App, flags *connect.Flags) (s accounts.Servers, o natsconn.Options, end func(), err error) {
	conn, end, err := flags.Open(ctx, a, func(options *natsconn.Options) { o = *options })
	return accounts.Servers{Conn: conn, Wait: answerWithin, Quiet: quietAfter}, o, end, err
}

// pushAccount gives a new account to the servers. What they have already stays: it
// may have revocations and limits that nobody here knows of.
func (a verbs) pushAccount(ctx context.Context, run *issuing, o issueOptions) error {
	if run.account.IsZero() {
		return fault.New(fault.Usage, "there is no account JWT to push").WithHint("name a file that holds it, with --account-jwt")
	}
	s, _, end, err := servers(ctx, a.App, &o.connect)
	if err != nil {
		return err
	}
	defer end()
	known, err := s.List(ctx)
	if err != nil {
		return err
	}
	copies, err := s.Copies(ctx, run.settings.Account, known)
	if err != nil {
		return err
	}
	if have := copies.Newest(); !have.IsZero() {
		a.Say("The servers have the account since %s; it was not pushed.", have.Issued().Format(time.RFC3339))
		return nil
	}
	for _, server := range known {
		if err := run.account.CheckSigner(run.account.Issuer(), server.Operators); err != nil {
			return err
		}
	}
	pushed, err := s.Push(ctx, run.account, known)
	if err != nil {
		return err
	}
	a.Say("%s.", pushed)
	if len(pushed.Silent) > 0 {
		return app.No()
	}
	return nil
}
