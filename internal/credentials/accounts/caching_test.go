package accounts

import (
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestACachingServer: one server of a cluster keeps only copies of accounts. It does not
// take one that no user of it has used yet, and looks it up when a user comes; from then
// on it is pushed to like the others.
func TestACachingServer(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	cluster := natstest.Cluster(t, 3, operator.RunEachBut(t, "n3"))
	account := operator.Account(t, "prod")
	provider, host := account.User(t, "provider"), account.User(t, "host")
	s := serversOf(t, cluster[0], operator.System.User(t, "admin"))
	known := list(t, s, 3)
	s.Quiet = quiet
	pushed, err := s.Push(t.Context(), parse(t, account.JWT(t)), known)
	if err != nil || !slices.Equal(pushed.Took, []string{"n1", "n2"}) || !slices.Equal(pushed.Later, []string{"n3"}) || len(pushed.Silent) != 0 {
		t.Fatalf("pushed %+v, %v", pushed, err)
	}
	if said := pushed.String(); said != "2 of 3 servers use the account: n1, n2; when a user of it comes, n3 looks it up" {
		t.Errorf("said %q", said)
	}
	if got := LetIn(t.Context(), cluster[0].Options(provider), s.Addresses()); !Everywhere(got, true) {
		t.Fatalf("the user: %+v", got)
	}
	copies, err := s.Copies(t.Context(), account.Seed.PublicKey(), known)
	if err != nil || len(copies.InUse) != 3 {
		t.Fatalf("%+v, %v", copies, err)
	}
	next, _ := revoke(t, copies.Newest(), provider, operator.Seed)
	if pushed, err = s.Push(t.Context(), next, known); err != nil || len(pushed.Took) != 3 || len(pushed.Later) != 0 {
		t.Fatalf("pushed %+v, %v", pushed, err)
	}
	if got := LetIn(t.Context(), cluster[0].Options(provider), s.Addresses()); !Everywhere(got, false) {
		t.Errorf("the revoked user: %+v", got)
	}
	if got := LetIn(t.Context(), cluster[0].Options(host), s.Addresses()); !Everywhere(got, true) {
		t.Errorf("the other user: %+v", got)
	}
}

// TestOnlyCachingServers: where every server looks accounts up, there is none to find one.
func TestOnlyCachingServers(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	server := natstest.Start(t, operator.RunCaching(t))
	s := serversOf(t, server, operator.System.User(t, "admin"))
	known := list(t, s, 1)
	_, err := s.Push(t.Context(), parse(t, operator.Account(t, "prod").JWT(t)), known)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "only copies") {
		t.Errorf("pushed: %v", err)
	}
}
