package users

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// TestMintedUsersAreLetIn: a real server lets in who was issued by the account's key,
// by a signing key and by a scoped one, with the rights that were meant and no more;
// and nobody whose issuer is unknown to it, or whose time is over.
func TestMintedUsersAreLetIn(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	signing, scoped, stranger := natstest.Key(t, keys.Account), natstest.Key(t, keys.Account), natstest.Key(t, keys.Account)
	scope := jwt.NewUserScope()
	scope.Key, scope.Role = scoped.PublicKey().String(), "providers"
	scope.Template.Permissions = claimsOf(needs(t))
	of := operator.Account(t, "prod", func(c *jwt.AccountClaims) {
		c.SigningKeys.Add(signing.PublicKey().String())
		c.SigningKeys.AddScopedSigner(scope)
	})
	described, err := ParseAccount(of.JWT(t))
	if err != nil {
		t.Fatal(err)
	}
	s := natstest.Start(t, operator.Run(t))
	for name, signer := range map[string]keys.Seed{"the account's key": of.Seed, "a signing key": signing, "a scoped key": scoped} {
		conn := s.Connect(t, minted(t, issuer(t, signer, of.Seed.PublicKey(), described), time.Now().Add(time.Hour)))
		for subject, allowed := range map[string]bool{"wasmbus.rpc.prod.MACTOR": true, "wasmbus.ctl.prod.cmd": false} {
			before := len(conn.Denied())
			if err := errors.Join(conn.Publish(subject, nil), conn.Settle(t.Context())); err != nil {
				t.Fatal(err)
			}
			if denied := len(conn.Denied()) > before; denied == allowed {
				t.Errorf("%s: %s denied: %v", name, subject, denied)
			}
		}
	}
	own := issuer(t, of.Seed, of.Seed.PublicKey(), described)
	unknown := issuer(t, stranger, stranger.PublicKey(), Account{})
	for name, login := range map[string]natsconn.Login{
		"expired":            minted(t, own, time.Now().Add(-time.Minute)),
		"an unknown account": minted(t, unknown, time.Now().Add(time.Hour)),
	} {
		var failure *natsconn.Failure
		if _, err := natsconn.Connect(t.Context(), s.Options(login)); !errors.As(err, &failure) || failure.Step != natsconn.Authenticate {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func minted(t *testing.T, i Issuer, expires time.Time) natsconn.Login {
	t.Helper()
	seed, o := natstest.Key(t, keys.User), order(t)
	o.User, o.Expires = seed.PublicKey(), expires
	text, err := i.issue(o)
	if err != nil {
		t.Fatal(err)
	}
	return natsconn.Login{JWT: text, Seed: seed}
}

// TestEveryTargetFitsALogin: whatever hosts of a target need, its JWT fits the line by
// which they log in and is let in, or is refused before anybody is given it.
func TestEveryTargetFitsALogin(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	of := operator.Account(t, "prod")
	s := natstest.Start(t, operator.Run(t), func(o *server.Options) { o.MaxControlLine = 4096 })
	own := issuer(t, of.Seed, of.Seed.PublicKey(), Account{})
	fits, refused := 0, 0
	for _, lattice := range []string{"prod", strings.Repeat("l", 44)} {
		for _, target := range wasmcloud.AllTargets() {
			for _, with := range []permissions.Switches{permissions.On(), permissions.On(wasmcloud.Switches()...)} {
				setup := permissions.Setup{Target: target, Lattice: lattice, JetStreamDomain: "hub", PolicyTopic: "wasmcloud.policy", Switches: with}
				set, err := setup.Needs(wasmcloud.ControlUser)
				if err != nil {
					t.Fatal(err)
				}
				seed, o := natstest.Key(t, keys.User), order(t)
				o.Lattice, o.For, o.User, o.Needs = lattice, wasmcloud.Control, seed.PublicKey(), set
				text, err := own.issue(o)
				if err != nil {
					if !fault.Is(err, fault.Refused) || !strings.Contains(fault.HintOf(err), "scoped signing key") {
						t.Errorf("%s: %v", target, err)
					}
					refused++
					continue
				}
				s.Connect(t, natsconn.Login{JWT: text, Seed: seed}).Close()
				fits++
			}
		}
	}
	t.Logf("%d fit, %d are refused", fits, refused)
	if fits < 2*len(wasmcloud.AllTargets()) {
		t.Errorf("only %d fit", fits)
	}
}
