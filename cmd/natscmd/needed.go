package natscmd

import (
	"slices"

	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// neededUser is a user of the lattice and what it must be allowed.
type neededUser struct {
	role    wasmcloud.Role
	lattice string
	targets []wasmcloud.Target
	hosts   []string
	set     permissions.Set
}

// usersOf are the users that are asked for. A host's are told apart where hosts
// are not alike; those beside the hosts deal with all of them.
func usersOf(r request, setups []hostsAlike) ([]neededUser, error) {
	var users []neededUser
	for _, role := range r.roles {
		found, err := usersFor(role, setups)
		if err != nil && r.one {
			return nil, err
		}
		users = append(users, found...)
	}
	return users, nil
}

// usersFor are the users of one role. Where hosts make no such connection there is
// none, which is an error if no host does.
func usersFor(role wasmcloud.Role, setups []hostsAlike) ([]neededUser, error) {
	var users []neededUser
	var none error
	for _, alike := range setups {
		set, err := alike.setup.Needs(role)
		if err != nil {
			none = err
			continue
		}
		user := neededUser{role, alike.setup.Lattice, []wasmcloud.Target{alike.setup.Target}, alike.hosts, set}
		if role.OfHost() || len(users) == 0 {
			users = append(users, user)
			continue
		}
		all := &users[0]
		all.set = permissions.Union(all.set, set)
		all.hosts = slices.Concat(all.hosts, user.hosts)
		if !slices.Contains(all.targets, user.targets[0]) {
			all.targets = append(all.targets, user.targets[0])
		}
	}
	if len(users) == 0 {
		return nil, none
	}
	return users, nil
}
