package natscmd

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// request is what the flags ask for, once they are read.
type request struct {
	roles  []wasmcloud.Role
	one    bool              // a role was named
	target wasmcloud.Target  // zero where none was named
	setup  permissions.Setup // what the flags say of the lattice: it goes before the manifest

	keystore *permissions.KeystoreRole // in place of all of these
}

func (o permissionsOptions) read() (request, error) {
	r := request{roles: wasmcloud.Roles(), one: o.role != "", setup: permissions.Setup{Lattice: o.lattice}}
	if o.lattice != "" {
		if err := lattice.CheckPrefix(o.lattice); err != nil {
			return r, err
		}
	}
	var err error
	if o.target != "" {
		if r.target, err = wasmcloud.ParseTarget(o.target); err != nil {
			return r, err
		}
	}
	if who, found := permissions.ParseKeystoreRole(o.role); found {
		r.keystore = &who
	} else if r.one {
		var others []string
		for _, who := range permissions.KeystoreRoles() {
			others = append(others, who.String())
		}
		role, err := wasmcloud.ParseRole(o.role, others...)
		if err != nil {
			return r, err
		}
		r.roles = []wasmcloud.Role{role}
	}
	if err := o.readSubjects(&r.setup); err != nil {
		return r, err
	}
	if o.hostKey != "" {
		key, err := keys.ParsePublicKey(o.hostKey, keys.Server)
		if err != nil {
			return r, fault.New(fault.Failed, "--host-key").Because(err)
		}
		r.setup.HostKey = key.String()
	}
	r.setup.Switches, err = o.switches()
	return r, err
}

// readSubjects reads what becomes a part of subjects.
func (o permissionsOptions) readSubjects(s *permissions.Setup) error {
	for _, row := range []struct {
		into        *string
		flag, value string
		oneToken    bool
	}{
		{&s.TopicPrefix, "topic-prefix", o.topicPrefix, false},
		{&s.PolicyTopic, "policy-topic", o.policyTopic, false},
		{&s.PolicyChangesTopic, "policy-changes-topic", o.policyChanges, false},
		{&s.SecretsTopic, "secrets-topic", o.secretsTopic, false},
		{&s.JetStreamDomain, "js-domain", o.domain, true},
		{&s.Provider, "provider", o.provider, true},
	} {
		if row.value == "" {
			continue
		}
		if err := permissions.CheckSubject(row.value); err != nil {
			return fault.New(fault.Failed, "--%s", row.flag).Because(err)
		}
		if row.oneToken && strings.Contains(row.value, ".") {
			return fault.New(fault.Failed, "--%s is one token, without a dot", row.flag)
		}
		*row.into = row.value
	}
	return nil
}

func (o permissionsOptions) switches() (permissions.Switches, error) {
	names := switchNames()
	options := make([]wasmcloud.Option, len(o.with))
	for i, name := range o.with {
		if !slices.Contains(names, name) {
			return 0, fault.New(fault.Failed, "--with: unknown option%s: must be one of %s", similar.Question(name, names), strings.Join(names, ", "))
		}
		options[i] = wasmcloud.Option(name)
	}
	return permissions.On(options...), nil
}
