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
	Later  []string // that keep only copies, and look it up when a user of it comes
	Silent []string // that were there before and did not answer
	// Kept is whether the servers will have it after their next start: a memory
	// resolver does not.
	Kept bool
}

// What servers answer with the code of success, which does not say that they use the
// account. A resolver that keeps accounts in memory, or only copies of them, skips one
// whose users have not connected since the server started. When a user comes, one that
// keeps copies goes by its own, or else asks the others. Source: nats-server v2.15
// server/accounts.go.
const (
	updated      = "jwt updated"
	copyUpdated  = "jwt updated cache"
	copySkipped  = "jwt update cache skipped"
	memoryUnused = "jwt update skipped"
)

// Push gives the servers an account. Whether they trust its signature they do not
// say: see users.Account.CheckSigner.
func (s Servers) Push(ctx context.Context, account users.Account, servers []Server) (Pushed, error) {
	const everyAccount = "$SYS.REQ.CLAIMS.UPDATE"
	pushed := Pushed{Kept: true}
	answers, err := s.push(ctx, everyAccount, account, servers)
	if errors.Is(err, errNobody) { // a memory resolver listens elsewhere
		pushed.Kept = false
		answers, err = s.push(ctx, "$SYS.REQ.ACCOUNT."+account.PublicKey().String()+".CLAIMS.UPDATE", account, servers)
	}
	if errors.Is(err, errNobody) {
		return Pushed{}, fault.New(fault.Refused, "the NATS servers take no accounts: they have no resolver that can be pushed to").
			WithHint("give the account JWT to whatever their resolver reads")
	}
	if err != nil {
		return Pushed{}, err
	}
	err = pushed.read(answers, servers)
	return pushed, err
}

// read sorts the servers by what they answered, and refuses where one took nothing.
func (p *Pushed) read(answers []envelope, servers []Server) error {
	for _, answer := range answers {
		later, problem := outcome(answer)
		switch {
		case problem != "":
			return fault.New(fault.Refused, "the NATS server %s did not take the account: %s", answer.Server.Name, problem).
				WithHint("latch nats check tells what each server has")
		case later:
			p.Later = append(p.Later, answer.Server.Name)
		default:
			p.Took = append(p.Took, answer.Server.Name)
		}
	}
	slices.Sort(p.Took)
	slices.Sort(p.Later)
	p.Silent = silent(servers, answers)
	if len(p.Took) == 0 && len(p.Silent) == 0 {
		return fault.New(fault.Refused, "no NATS server keeps the account: each has only copies of accounts that others keep").
			WithHint("push it to a cluster in which a server has a resolver of the type full")
	}
	return nil
}

// push gives the account to the servers, and once more where one says nothing: NATS may
// lose a message, and to take the same account twice changes nothing.
func (s Servers) push(ctx context.Context, subject string, account users.Account, servers []Server) ([]envelope, error) {
	answers, err := s.ask(ctx, subject, []byte(account.JWT()), s.Wait, fromEach(servers))
	if err != nil {
		return nil, err
	}
	first := envelopes(answers)
	missing := silent(servers, first)
	if len(missing) == 0 {
		return first, nil
	}
	answers, err = s.ask(ctx, subject, []byte(account.JWT()), s.Wait, fromEach(servers))
	if err != nil && !errors.Is(err, errNobody) {
		return nil, err
	}
	for _, answer := range envelopes(answers) {
		if slices.Contains(missing, answer.Server.Name) {
			first = append(first, answer)
		}
	}
	return first, nil
}

// outcome is why a server did not take an account, "" where it did or will later.
func outcome(answer envelope) (later bool, problem string) {
	if answer.Error != nil {
		return false, answer.Error.Description
	}
	var data struct {
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer.Data, &data); err != nil {
		return false, "its answer cannot be read"
	}
	switch data.Message {
	case updated, copyUpdated:
		return false, ""
	case copySkipped:
		return true, ""
	case memoryUnused:
		return false, "its resolver keeps accounts in memory, and no user of this one has connected"
	}
	return false, fmt.Sprintf("it says %q", data.Message)
}

// String says how the servers took the account.
func (p Pushed) String() string {
	text := fmt.Sprintf("%d of %d servers use the account: %s", len(p.Took), len(p.Took)+len(p.Later)+len(p.Silent), strings.Join(p.Took, ", "))
	if len(p.Later) > 0 {
		text += "; when a user of it comes, " + strings.Join(p.Later, ", ") + map[bool]string{true: " looks it up", false: " look it up"}[len(p.Later) == 1]
	}
	if len(p.Silent) > 0 {
		text += "; no answer from " + strings.Join(p.Silent, ", ")
	}
	return text
}
