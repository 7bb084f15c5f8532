package wasmbus

import (
	"context"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Identity is as whom a server knows a connection. What it does not tell is empty.
type Identity struct {
	Server, Account, User string
	Rights                *permissions.Rights // nil where the server does not tell
}

// WhoAsks asks the server as whom it knows the connection. patience is how long that
// may take.
func WhoAsks(ctx context.Context, conn *natsconn.Conn, patience time.Duration) Identity {
	who := Identity{Server: conn.ConnectedUrlRedacted()}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return who
	}
	defer func() { _ = sub.Unsubscribe() }()
	before := len(conn.Denied())
	if conn.PublishRequest(AskUserInfo, inbox, nil) != nil || conn.Settle(ctx) != nil {
		return who
	}
	if slices.ContainsFunc(conn.Denied()[before:], func(d natsconn.Denial) bool { return d.Subject == AskUserInfo || d.Subject == inbox }) {
		return who
	}
	m, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return who
	}
	if info, known := ReadUserInfo(m.Data); known {
		who.Account, who.User, who.Rights = info.Account, info.User, &info.Rights
	}
	return who
}
