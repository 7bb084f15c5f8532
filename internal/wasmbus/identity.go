package wasmbus

import (
	"context"
	"encoding/json"
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

// userInfo is where a server tells a client who it is. Source: nats-server v2.15
// server/events.go.
const userInfo = "$SYS.REQ.USER.INFO"

// infoPatience is how long that may take: it is for people, and not worth a wait.
const infoPatience = 500 * time.Millisecond

// WhoAsks asks the server as whom it knows the connection.
func WhoAsks(ctx context.Context, conn *natsconn.Conn) Identity {
	who := Identity{Server: conn.ConnectedUrlRedacted()}
	ctx, cancel := context.WithTimeout(ctx, infoPatience)
	defer cancel()
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return who
	}
	defer func() { _ = sub.Unsubscribe() }()
	before := len(conn.Denied())
	if conn.PublishRequest(userInfo, inbox, nil) != nil || conn.Settle(ctx) != nil {
		return who
	}
	if slices.ContainsFunc(conn.Denied()[before:], func(d natsconn.Denial) bool { return d.Subject == userInfo || d.Subject == inbox }) {
		return who
	}
	m, err := sub.NextMsgWithContext(ctx)
	if err != nil {
		return who
	}
	var info struct {
		Data struct {
			User        string `json:"user"`
			UserName    string `json:"user_name"`
			Account     string `json:"account"`
			AccountName string `json:"account_name"`
			Permissions struct {
				Publish   permissions.Rule `json:"publish"`
				Subscribe permissions.Rule `json:"subscribe"`
			} `json:"permissions"`
		} `json:"data"`
	}
	if json.Unmarshal(m.Data, &info) != nil {
		return who
	}
	who.Account, who.User = info.Data.Account, info.Data.User
	who.Rights = &permissions.Rights{Publish: info.Data.Permissions.Publish, Subscribe: info.Data.Permissions.Subscribe}
	if info.Data.AccountName != "" {
		who.Account = info.Data.AccountName
	}
	if info.Data.UserName != "" {
		who.User = info.Data.UserName
	}
	return who
}
