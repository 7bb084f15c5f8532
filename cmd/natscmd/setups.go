package natscmd

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// hostsAlike are hosts whose users need the same. Without a manifest none is
// named.
type hostsAlike struct {
	setup permissions.Setup
	hosts []string
}

// setups are what is known of the lattice: one for all hosts that are alike.
func (a verbs) setups(o permissionsOptions) ([]hostsAlike, error) {
	all, err := a.knownSetups(o)
	if err != nil {
		return nil, err
	}
	var alike []hostsAlike
	for _, one := range all {
		if one.setup, err = o.over(one.setup); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(alike, func(other hostsAlike) bool { return other.setup.Equal(one.setup) })
		if i < 0 {
			alike = append(alike, one)
		} else {
			alike[i].hosts = append(alike[i].hosts, one.hosts...)
		}
	}
	return alike, nil
}

// knownSetups are those of the manifest's hosts, or of the lattice that was named.
func (a verbs) knownSetups(o permissionsOptions) ([]hostsAlike, error) {
	target, err := wasmcloud.ParseTarget(app.NewestTarget())
	if o.target != "" {
		target, err = wasmcloud.ParseTarget(o.target)
	}
	if err != nil {
		return nil, err
	}
	if o.lattice != "" {
		return []hostsAlike{{setup: permissions.Setup{Target: target, Lattice: o.lattice}}}, lattice.CheckPrefix(o.lattice)
	}
	file, err := a.Manifest()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Hint(err, "name a manifest with -m, or the lattice with --lattice")
	}
	if err != nil {
		return nil, err
	}
	m := file.Manifest()
	if len(m.Hosts) == 0 {
		m.Hosts = []lattice.Host{{}}
	}
	var all []hostsAlike
	for _, h := range m.Hosts {
		one := hostsAlike{setup: credentials.SetupOf(m, h)}
		if h.Name != "" {
			one.hosts = []string{h.Name}
		}
		if o.target == "" || one.setup.Target == target {
			all = append(all, one)
		}
	}
	if len(all) == 0 { // no host has it yet
		return []hostsAlike{{setup: permissions.Setup{Target: target, Lattice: m.Lattice, JetStreamDomain: m.NATS.JetStreamDomain}}}, nil
	}
	return all, nil
}

// over is the setup with what the flags say in the place of the manifest.
func (o permissionsOptions) over(s permissions.Setup) (permissions.Setup, error) {
	for _, topic := range []struct {
		into        *string
		flag, value string
	}{
		{&s.TopicPrefix, "topic-prefix", o.topicPrefix},
		{&s.PolicyTopic, "policy-topic", o.policyTopic},
		{&s.PolicyChangesTopic, "policy-changes-topic", o.policyChanges},
		{&s.SecretsTopic, "secrets-topic", o.secretsTopic},
		{&s.JetStreamDomain, "js-domain", o.domain},
		{&s.Provider, "provider", o.provider},
	} {
		if topic.value == "" {
			continue
		}
		if err := permissions.CheckSubject(topic.value); err != nil {
			return s, fault.New(fault.Failed, "--%s", topic.flag).Because(err)
		}
		*topic.into = topic.value
	}
	for flag, value := range map[string]string{"js-domain": o.domain, "provider": o.provider} {
		if strings.Contains(value, ".") {
			return s, fault.New(fault.Failed, "--%s is one token, without a dot", flag)
		}
	}
	if o.hostKey != "" {
		key, err := keys.ParsePublicKey(o.hostKey, keys.Server)
		if err != nil {
			return s, fault.New(fault.Failed, "--host-key").Because(err)
		}
		s.HostKey = key.String()
	}
	for _, name := range o.with {
		if !slices.Contains(switchNames(), name) {
			return s, fault.New(fault.Failed, "--with: unknown option%s: must be one of %s", similar.Question(name, switchNames()), strings.Join(switchNames(), ", "))
		}
		if option := wasmcloud.Option(name); !slices.Contains(s.Switches, option) {
			s.Switches = append(s.Switches, option)
		}
	}
	return s, nil
}
