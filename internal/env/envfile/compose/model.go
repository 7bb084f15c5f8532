package compose

import (
	"slices"
	"strings"
)

// place is where something stands.
type place struct {
	path         string
	line, column int // from 1
}

// model is what compose files say of services, one file or many merged.
type model struct {
	services map[string]service
	order    []string // names, in the order they came in
}

// service is what one file, or many merged, say of a service.
type service struct {
	at          place
	environment *environment // nil where there is none
	envFiles    []envFile
	image       string
	extends     *extension
}

type environment struct {
	variables []variable // each name once
	list      bool       // as A=b, rather than A: b
}

// variable is one of a service's. Not set: it is taken from where compose runs.
type variable struct {
	name    string
	value   string
	set     bool
	unknown bool // a part of the value is set nowhere that latch can see
	literal bool // the value stands in the compose file itself
	at      place
}

// envFile is a file that a service's environment comes from.
type envFile struct {
	path     string // relative to the project's folder
	format   string
	optional bool
	at       place
}

// extension names the service that another one starts from.
type extension struct {
	file    string // "" is the same
	service string
	at      place
}

func (m *model) put(name string, s service) {
	if m.services == nil {
		m.services = map[string]service{}
	}
	if _, known := m.services[name]; !known {
		m.order = append(m.order, name)
	}
	m.services[name] = s
}

func (m *model) remove(name string) {
	delete(m.services, name)
	m.order = slices.DeleteFunc(m.order, func(other string) bool { return other == name })
}

// add merges another model over this one.
func (m *model) add(over model) {
	for _, name := range over.order {
		s := over.services[name]
		if base, known := m.services[name]; known {
			s = merge(base, s)
		}
		m.put(name, s)
	}
}

// merge is a service with another's settings over its own.
func merge(base, over service) service {
	merged := over
	if over.image == "" {
		merged.image = base.image
	}
	if over.extends == nil {
		merged.extends = base.extends
	}
	merged.environment = mergeEnvironment(base.environment, over.environment)
	merged.envFiles = uniqueFiles(slices.Concat(base.envFiles, over.envFiles))
	return merged
}

func mergeEnvironment(base, over *environment) *environment {
	switch {
	case over == nil:
		return base
	case base == nil:
		return over
	}
	return &environment{variables: unique(slices.Concat(base.variables, over.variables)), list: true}
}

// unique keeps one variable of a name: the last, in the place of the first.
func unique(all []variable) []variable {
	at := map[string]int{}
	var kept []variable
	for _, v := range all {
		if i, known := at[v.name]; known {
			kept[i] = v
			continue
		}
		at[v.name] = len(kept)
		kept = append(kept, v)
	}
	return kept
}

// uniqueFiles keeps one env file of a path: the last, in the place of the first.
func uniqueFiles(all []envFile) []envFile {
	at := map[string]int{}
	var kept []envFile
	for _, f := range all {
		if i, known := at[f.path]; known {
			kept[i] = f
			continue
		}
		at[f.path] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// reset is a path that a file takes out of those before it, by the tags !reset
// and !override: services, a service, its environment, a variable.
type reset []string

// apply takes what the resets name out of the model.
func (m *model) apply(resets []reset) {
	for _, r := range resets {
		switch len(r) {
		case 1:
			*m = model{}
		case 2:
			m.remove(r[1])
		default:
			if s, known := m.services[r[1]]; known {
				m.services[r[1]] = s.without(r[2:])
			}
		}
	}
}

// less is the service, called name, less what resets name of it.
func (s service) less(name string, resets []reset) service {
	for _, r := range resets {
		if len(r) > 2 && r[1] == name {
			s = s.without(r[2:])
		}
	}
	return s
}

// without is the service less what a reset names.
func (s service) without(path []string) service {
	switch key := strings.Join(path, "\x00"); key {
	case "environment":
		s.environment = nil
	case "env_file":
		s.envFiles = nil
	case "image":
		s.image = ""
	case "extends":
		s.extends = nil
	default:
		if path[0] == "environment" && s.environment != nil && !s.environment.list {
			s.environment = &environment{variables: slices.DeleteFunc(slices.Clone(s.environment.variables), func(v variable) bool { return v.name == path[1] })}
		}
	}
	return s
}
