package wasmbus

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// AskUserInfo is the subject where a server tells a client who it is.
const AskUserInfo = "$SYS.REQ.USER.INFO"

// UserInfo is what a server tells a client of its user. Source: nats-server v2.15
// server/events.go and auth.go.
type UserInfo struct {
	Time          time.Time // as the server has it; zero from old ones
	Account, User string    // the name, or else the public key
	Rights        permissions.Rights
}

// ReadUserInfo reads the answer of a server; known is false for one that is none.
func ReadUserInfo(answer []byte) (info UserInfo, known bool) {
	var told struct {
		Server struct {
			Time time.Time `json:"time"`
		} `json:"server"`
		Data *struct {
			User        string   `json:"user"`
			UserName    string   `json:"user_name"`
			Account     string   `json:"account"`
			AccountName string   `json:"account_name"`
			Permissions struct { // none: all is allowed
				Publish   permissions.Rule `json:"publish"`
				Subscribe permissions.Rule `json:"subscribe"`
				Responses struct {
					Max int `json:"max"`
				} `json:"responses"`
			} `json:"permissions"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer, &told); err != nil || told.Data == nil {
		return UserInfo{}, false
	}
	may := told.Data.Permissions
	return UserInfo{
		Time:    told.Server.Time,
		Account: cmp.Or(told.Data.AccountName, told.Data.Account),
		User:    cmp.Or(told.Data.UserName, told.Data.User),
		Rights:  permissions.Rights{Publish: may.Publish, Subscribe: may.Subscribe, Responses: may.Responses.Max},
	}, true
}
