package natscmd

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// role is one of a lattice's, or one of a keystore's.
type role interface {
	String() string
	About() string
	OfHost() bool
}

// neededUser is a user of the lattice, or of a keystore's bucket, and what it must be
// allowed.
type neededUser struct {
	role    role
	lattice string
	bucket  string // of a keystore, in place of a lattice
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
		user := neededUser{role, alike.setup.Lattice, "", []wasmcloud.Target{alike.setup.Target}, alike.hosts, set}
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

// ofLattice are the users of the lattice.
func (a verbs) ofLattice(c *cobra.Command, r request) ([]neededUser, error) {
	setups, err := a.setups(r)
	if err != nil {
		return nil, err
	}
	users, err := usersOf(r, setups)
	return users, app.UsageOf(c, err)
}

// ofKeystore is the user of a keystore's bucket: that of a flag, or of the keystore in
// use.
func (a verbs) ofKeystore(who permissions.KeystoreRole, bucket string) ([]neededUser, error) {
	if bucket == "" {
		uri, _, err := a.KeystoreURI()
		if err != nil {
			return nil, err
		}
		if bucket, err = keystore.BucketOf(uri); err != nil {
			return nil, fault.New(fault.Usage, "%s is about the bucket of a nats: keystore", who).
				WithHint("name the bucket: --bucket BUCKET, or the keystore: --keystore nats://HOST:PORT/BUCKET")
		}
	}
	set, err := who.In(bucket)
	return []neededUser{{role: who, bucket: bucket, set: set}}, err
}
