package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
)

// Pushed is how the servers took an account.
type Pushed struct {
	Took   []string // the servers that use it now
	Silent []string // that were there before and did not answer
	// Kept is whether the servers will have it after their next start: a memory
	// resolver does not.
	Kept bool
}

// updated is the only answer that says that a server uses the account now. A memory
// resolver answers other words with the code of success where it does nothing.
// Source: nats-server v2.15 server/accounts.go.
const updated = "jwt updated"

// Push gives the servers an account. Whether they trust its signature they do not
// say: see users.Account.CheckSigner.
func (s Servers) Push(ctx context.Context, account users.Account, servers []Server) (Pushed, error) {
	const everyAccount = "$SYS.REQ.CLAIMS.UPDATE"
	pushed := Pushed{Kept: true}
	answers, err := s.push(ctx, everyAccount, account, len(servers))
	if errors.Is(err, errNobody) { // a memory resolver listens elsewhere
		pushed.Kept = false
		answers, err = s.push(ctx, "$SYS.REQ.ACCOUNT."+account.PublicKey().String()+".CLAIMS.UPDATE", account, len(servers))
	}
	if errors.Is(err, errNobody) {
		return Pushed{}, fault.New(fault.Refused, "the NATS servers take no accounts: they have no resolver that can be pushed to").
			WithHint("give the account JWT to whatever their resolver reads")
	}
	if err != nil {
		return Pushed{}, err
	}
	for _, answer := range answers {
		if problem := refusalIn(answer); problem != "" {
			return pushed, fault.New(fault.Refused, "the NATS server %s did not take the account: %s", answer.Server.Name, problem).
				WithHint("latch nats check tells what each server has")
		}
		pushed.Took = append(pushed.Took, answer.Server.Name)
	}
	slices.Sort(pushed.Took)
	for _, server := range servers {
		if !slices.Contains(pushed.Took, server.Name) {
			pushed.Silent = append(pushed.Silent, server.Name)
		}
	}
	return pushed, nil
}

func (s Servers) push(ctx context.Context, subject string, account users.Account, expected int) ([]envelope, error) {
	answers, err := s.ask(ctx, subject, []byte(account.JWT()), expected, s.due(expected))
	if err != nil {
		return nil, err
	}
	var all []envelope
	for _, text := range answers {
		var e envelope
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, s.failed(err)
		}
		all = append(all, e)
	}
	return all, nil
}

// refusalIn is why a server did not take an account, "" where it did.
func refusalIn(answer envelope) string {
	if answer.Error != nil {
		return answer.Error.Description
	}
	var data struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer.Data, &data); err != nil {
		return "its answer cannot be read"
	}
	if data.Message == "jwt update skipped" {
		return "its resolver keeps accounts in memory, and no user of this one has connected"
	}
	if data.Message != updated {
		return fmt.Sprintf("it says %q", data.Message)
	}
	return ""
}

// String says how the servers took the account.
func (p Pushed) String() string {
	text := fmt.Sprintf("%d of %d servers use the account: %s", len(p.Took), len(p.Took)+len(p.Silent), strings.Join(p.Took, ", "))
	if len(p.Silent) > 0 {
		text += "; no answer from " + strings.Join(p.Silent, ", ")
	}
	return text
}
