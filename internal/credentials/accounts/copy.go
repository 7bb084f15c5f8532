package accounts

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/keys"
)

// Copy is an account as one server has it: what its users are let in by, as long as
// the server runs.
type Copy struct {
	Server  string
	Account users.Account
}

// Copies are what the servers have of the account: those in use, of the servers that
// have had a user of it since their start, and those that are kept for the next start.
// Of the latter no server says whose they are.
type Copies struct {
	InUse []Copy
	Kept  []users.Account
}

// Copies asks for what each of the servers has of an account.
func (s Servers) Copies(ctx context.Context, account keys.PublicKey, servers []Server) (Copies, error) {
	var found Copies
	// A resolver that only caches accounts, or keeps them in memory, says nothing.
	kept, err := s.ask(ctx, "$SYS.REQ.ACCOUNT."+account.String()+".CLAIMS.LOOKUP", nil, s.Quiet, atLeast(len(servers)))
	if err != nil && !errors.Is(err, errNobody) {
		return found, err
	}
	for _, text := range kept {
		if len(text) == 0 { // this server has none
			continue
		}
		parsed, err := users.ParseAccount(string(text))
		if err != nil {
			return found, err
		}
		found.Kept = append(found.Kept, parsed)
	}
	question := struct {
		Account string `json:"account"`
	}{account.String()}
	live, err := s.askEach(ctx, "$SYS.REQ.SERVER.PING.ACCOUNTZ", question, s.Wait, fromEach(servers))
	if err != nil && !errors.Is(err, errNobody) {
		return found, err
	}
	for _, answer := range live {
		var detail struct {
			Account *struct {
				JWT string `json:"jwt"`
			} `json:"account_detail"`
		}
		if answer.Error != nil || json.Unmarshal(answer.Data, &detail) != nil || detail.Account == nil || detail.Account.JWT == "" {
			continue // no user of the account has come to this server yet
		}
		parsed, err := users.ParseAccount(detail.Account.JWT)
		if err != nil {
			return found, err
		}
		found.InUse = append(found.InUse, Copy{answer.Server.Name, parsed})
	}
	return found, nil
}

// Newest is the copy that was issued last; zero where there is none. Where two were
// issued in one second, the one with more revocations counts.
func (c Copies) Newest() users.Account {
	var newest users.Account
	for _, a := range c.all() {
		if newest.IsZero() || a.Issued().After(newest.Issued()) ||
			a.Issued().Equal(newest.Issued()) && a.Revocations() > newest.Revocations() {
			newest = a
		}
	}
	return newest
}

func (c Copies) all() []users.Account {
	all := append([]users.Account{}, c.Kept...)
	for _, one := range c.InUse {
		all = append(all, one.Account)
	}
	return all
}
