package permissions

import (
	"cmp"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Setup is what is known of a lattice and of a user in it before anybody
// connects. What is empty is not known, or not in use. It is a comparable value.
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
	Switches           Switches
}

// Over is the setup with what another one says put over it; the target stays.
func (s Setup) Over(o Setup) Setup {
	for _, row := range []struct{ into, from *string }{
		{&s.Lattice, &o.Lattice},
		{&s.TopicPrefix, &o.TopicPrefix},
		{&s.JetStreamDomain, &o.JetStreamDomain},
		{&s.HostKey, &o.HostKey},
		{&s.Provider, &o.Provider},
		{&s.PolicyTopic, &o.PolicyTopic},
		{&s.PolicyChangesTopic, &o.PolicyChangesTopic},
		{&s.SecretsTopic, &o.SecretsTopic},
	} {
		if *row.from != "" {
			*row.into = *row.from
		}
	}
	s.Switches |= o.Switches
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
	return s.Switches.has(o)
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
	var b strings.Builder
	known = true
	for {
		before, rest, found := strings.Cut(subject, "{")
		b.WriteString(before)
		if !found {
			return b.String(), known
		}
		var place string
		place, subject, _ = strings.Cut(rest, "}")
		value := s.at(wasmcloud.Place("{" + place + "}"))
		if value == "" {
			value, known = anyToken, false
		}
		b.WriteString(value)
	}
}

// at is what stands at a place, "" where that is not known.
func (s Setup) at(place wasmcloud.Place) string {
	switch place {
	case wasmcloud.LatticePlace:
		return s.Lattice
	case wasmcloud.TopicPrefixPlace:
		return cmp.Or(s.TopicPrefix, wasmcloud.DefaultCtlTopicPrefix)
	case wasmcloud.APIPlace:
		return s.API()
	case wasmcloud.KeyValuePlace:
		if s.JetStreamDomain == "" {
			return "$KV"
		}
		return s.API() + ".$KV"
	case wasmcloud.HostPlace:
		return s.HostKey
	case wasmcloud.ProviderPlace:
		return s.Provider
	case wasmcloud.PolicyPlace:
		return s.PolicyTopic
	case wasmcloud.PolicyChangesPlace:
		return s.PolicyChangesTopic
	case wasmcloud.SecretsPlace:
		return s.SecretsTopic
	}
	return ""
}

// API begins the subjects on which JetStream is asked.
func (s Setup) API() string {
	if s.JetStreamDomain == "" {
		return wasmcloud.JetStreamAPI
	}
	return "$JS." + s.JetStreamDomain + ".API"
}
