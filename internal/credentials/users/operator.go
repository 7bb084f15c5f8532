package users

import (
	"fmt"
	"strings"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// Operator is what a server of NATS needs to be told to be in operator mode, and the
// first user who may give it accounts.
type Operator struct {
	JWT    string
	System Account
	Admin  string // the JWT of the user of the system account
}

// NewOperator makes an operator with a system account, and a user of that account.
func NewOperator(name string, operator, system, admin keys.Seed) (o Operator, err error) {
	signer, err := operator.Signer()
	if err != nil {
		return o, err
	}
	defer signer.Wipe()
	pair := newSigningPair(signer)
	claims := jwt.NewOperatorClaims(operator.PublicKey().String())
	claims.Name, claims.SystemAccount = name, system.PublicKey().String()
	if o.JWT, err = claims.EncodeWithSigner(pair, pair.fn); err != nil {
		return o, fault.New(fault.Failed, "failed to sign the operator %s", name).Because(err)
	}
	account := jwt.NewAccountClaims(system.PublicKey().String())
	account.Name = "SYS"
	if o.System, err = signAccount(account, operator); err != nil {
		return o, err
	}
	opened, err := system.Signer()
	if err != nil {
		return o, err
	}
	defer opened.Wipe()
	pair = newSigningPair(opened)
	user := jwt.NewUserClaims(admin.PublicKey().String())
	user.Name = name + "-admin"
	if o.Admin, err = user.EncodeWithSigner(pair, pair.fn); err != nil {
		return o, fault.New(fault.Failed, "failed to issue the user of the system account").Because(err)
	}
	return o, nil
}

// Config is the configuration of a server in operator mode that keeps the accounts
// which it is given in a folder.
func (o Operator) Config(folder string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Operator mode: made by latch nats operator. Holds no secret.\n")
	fmt.Fprintf(&text, "operator: %s\nsystem_account: %s\n", o.JWT, o.System.PublicKey())
	fmt.Fprintf(&text, "resolver { type: full, dir: %q }\n", folder)
	fmt.Fprintf(&text, "resolver_preload {\n  %s: %s\n}\n", o.System.PublicKey(), o.System.JWT())
	return text.String()
}
