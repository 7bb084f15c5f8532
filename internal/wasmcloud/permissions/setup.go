package permissions

import (
	"reflect"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Setup is what is known of a lattice and of a user in it before anybody
// connects. What is empty is not known, or not in use.
type Setup struct {
	Target             wasmcloud.Target
	Lattice            string // its prefix, one clean token
	TopicPrefix        string // of control commands; "" for the default
	JetStreamDomain    string
	HostKey            string // narrows what a host hears to its own commands
	Provider           string // narrows what a provider hears to its own calls
	PolicyTopic        string
	PolicyChangesTopic string
	SecretsTopic       string
	Switches           []wasmcloud.Option
}

// Equal reports whether the setups are the same.
func (s Setup) Equal(o Setup) bool {
	switches := slices.Equal(s.Switches, o.Switches)
	s.Switches, o.Switches = nil, nil
	return switches && reflect.DeepEqual(s, o)
}

// Over is the setup with what another one says put over it; the target stays.
func (s Setup) Over(o Setup) Setup {
	for _, row := range []struct{ into, from *string }{
		{&s.Lattice, &o.Lattice}, {&s.TopicPrefix, &o.TopicPrefix}, {&s.JetStreamDomain, &o.JetStreamDomain}, {&s.HostKey, &o.HostKey}, {&s.Provider, &o.Provider},
		{&s.PolicyTopic, &o.PolicyTopic}, {&s.PolicyChangesTopic, &o.PolicyChangesTopic}, {&s.SecretsTopic, &o.SecretsTopic},
	} {
		if *row.from != "" {
			*row.into = *row.from
		}
	}
	s.Switches = slices.Clone(s.Switches)
	for _, on := range o.Switches {
		if !slices.Contains(s.Switches, on) {
			s.Switches = append(s.Switches, on)
		}
	}
	return s
}

// Needs is the least that a user of the role must be allowed.
func (s Setup) Needs(role wasmcloud.Role) (Set, error) {
	uses := s.Target.Uses(role)
	if len(uses) == 0 {
		return nil, fault.New(fault.Failed, "hosts of the target %s have no connection for providers of their own", s.Target).
			WithHint("their providers use that of rpc")
	}
	var set Set
	for _, u := range uses {
		if !s.has(u.Option) {
			continue
		}
		for _, g := range s.grants(u) {
			set = set.with(g)
		}
	}
	return set.reduced(), nil
}

// has reports whether the option is in use.
func (s Setup) has(o wasmcloud.Option) bool {
	switch o {
	case "":
		return true
	case wasmcloud.Policy:
		return s.PolicyTopic != ""
	case wasmcloud.PolicyChanges:
		return s.PolicyChangesTopic != ""
	case wasmcloud.Secrets:
		return s.SecretsTopic != ""
	}
	return slices.Contains(s.Switches, o)
}

// grants are the permissions for a use. What is asked of JetStream by its domain
// needs two: a server of that domain takes the domain out of a subject before it
// looks at permissions, and one that only leads there does not.
func (s Setup) grants(u wasmcloud.Use) []Grant {
	here := s
	here.JetStreamDomain = ""
	if s.JetStreamDomain == "" || !strings.Contains(u.Subject, string(wasmcloud.APIPlace)) && !strings.Contains(u.Subject, string(wasmcloud.KeyValuePlace)) {
		return []Grant{here.grant(u)}
	}
	through := u
	through.Reason += ", through a server of another domain"
	if through.Option == "" {
		through.Option = wasmcloud.Domain
	}
	return []Grant{here.grant(u), s.grant(through)}
}

func (s Setup) grant(u wasmcloud.Use) Grant {
	exact, known := s.fill(u.Subject)
	subject := exact
	if !known && u.Within != "" {
		subject, _ = s.fill(u.Within)
	}
	return Grant{Action: u.Action, Subject: subject, Reasons: []string{u.Reason}, Option: u.Option, uses: []use{{exact, u.Reason}}}
}

// fill puts what is known into the places of a subject, and a wildcard where it
// is not known.
func (s Setup) fill(subject string) (filled string, known bool) {
	known = true
	for place, value := range s.places() {
		if value == "" && strings.Contains(subject, string(place)) {
			value, known = anyToken, false
		}
		subject = strings.ReplaceAll(subject, string(place), value)
	}
	return subject, known
}

// API begins the subjects on which JetStream is asked.
func (s Setup) API() string {
	if s.JetStreamDomain == "" {
		return wasmcloud.JetStreamAPI
	}
	return "$JS." + s.JetStreamDomain + ".API"
}

func (s Setup) places() map[wasmcloud.Place]string {
	prefix, api, keyValue := s.TopicPrefix, s.API(), "$KV"
	if prefix == "" {
		prefix = wasmcloud.DefaultCtlTopicPrefix
	}
	if s.JetStreamDomain != "" {
		keyValue = api + ".$KV"
	}
	return map[wasmcloud.Place]string{
		wasmcloud.LatticePlace: s.Lattice, wasmcloud.TopicPrefixPlace: prefix, wasmcloud.APIPlace: api, wasmcloud.KeyValuePlace: keyValue,
		wasmcloud.HostPlace: s.HostKey, wasmcloud.ProviderPlace: s.Provider, wasmcloud.PolicyPlace: s.PolicyTopic,
		wasmcloud.PolicyChangesPlace: s.PolicyChangesTopic, wasmcloud.SecretsPlace: s.SecretsTopic,
	}
}
