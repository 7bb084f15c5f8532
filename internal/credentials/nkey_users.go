package credentials

import (
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// NkeyUser is a user whom a server knows by a public key in its own
// configuration, without any JWT.
type NkeyUser struct {
	PublicKey keys.PublicKey
	Roles     []wasmcloud.Role
	Hosts     []string // whose user it is
	Needs     permissions.Set
}

// LeftOut is a connection whose user no server's configuration can hold, and why.
type LeftOut struct {
	Host    string
	Purpose wasmcloud.Purpose
	Reason  string
}

// NkeyUsers are the users of one lattice in a server's configuration. Connections
// that log in with the same key are one user, who may do what each of them needs:
// a server refuses a key that stands there twice.
type NkeyUsers struct {
	Users   []NkeyUser
	LeftOut []LeftOut

	names func(name string) (keys.PublicKey, error)
}

// NewNkeyUsers starts with none. names gives the public key of a name in the
// keystore.
func NewNkeyUsers(names func(name string) (keys.PublicKey, error)) *NkeyUsers {
	return &NkeyUsers{names: names}
}

// AddHost adds the users of a host. What extra says goes over the manifest.
func (u *NkeyUsers) AddHost(m lattice.Manifest, h lattice.Host, extra permissions.Setup) error {
	setup := SetupOf(m, h).Over(extra)
	for _, p := range wasmcloud.Purposes() {
		needs, err := setup.Needs(p.Role())
		if err != nil {
			continue // its hosts make no such connection
		}
		c := m.NATSOf(h).For(p)
		if why := cannotLogIn(setup.Target, c); why != "" {
			u.LeftOut = append(u.LeftOut, LeftOut{h.Name, p, why})
			continue
		}
		if err := u.add(c.Seed, p.Role(), []string{h.Name}, needs); err != nil {
			return err
		}
	}
	return nil
}

// cannotLogIn says why a host does not log in by its seed alone, "" if it does.
func cannotLogIn(target wasmcloud.Target, c lattice.Connection) string {
	switch {
	case !target.IsOTP():
		return "hosts in Rust log in by a JWT, which needs a server in operator mode"
	case c.JWT != "" || c.Creds != "":
		return "it logs in by a JWT, which needs a server in operator mode"
	case c.Seed == "":
		return "the manifest names no seed for it"
	}
	return ""
}

// AddRole adds a user beside the hosts, by the name of its key.
func (u *NkeyUsers) AddRole(name string, role wasmcloud.Role, needs permissions.Set) error {
	return u.add(name, role, nil, needs)
}

func (u *NkeyUsers) add(name string, role wasmcloud.Role, hosts []string, needs permissions.Set) error {
	key, err := u.names(name)
	if err != nil {
		return err
	}
	if key.Kind() != keys.User {
		return fault.New(fault.Refused, "%s is a %s key, not a user's: no server takes it for a login", name, key.Kind()).
			WithHint("latch keys gen user --name NAME")
	}
	i := slices.IndexFunc(u.Users, func(other NkeyUser) bool { return other.PublicKey == key })
	if i < 0 {
		u.Users = append(u.Users, NkeyUser{PublicKey: key, Roles: []wasmcloud.Role{role}, Hosts: hosts, Needs: needs})
		return nil
	}
	same := &u.Users[i]
	same.Needs = permissions.Union(same.Needs, needs)
	if !slices.Contains(same.Roles, role) {
		same.Roles = append(same.Roles, role)
	}
	for _, host := range hosts {
		if !slices.Contains(same.Hosts, host) {
			same.Hosts = append(same.Hosts, host)
		}
	}
	return nil
}
