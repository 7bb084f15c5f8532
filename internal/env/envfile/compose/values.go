package compose

import (
	"maps"

	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
)

// values are what stands in the place of variables: the .env of the project, and
// the env files of an include. The environment that compose is started in is not
// among them, since it is another one wherever the project runs.
type values struct {
	set map[string]interpolate.Value
}

func (v *values) lookup(name string) interpolate.Value { return v.set[name] }

// under adds the values of env files, read one after the other, under those
// there are.
func (l *loader) under(v *values, files []string, by place) (*values, error) {
	added := map[string]interpolate.Value{}
	lookup := func(name string) interpolate.Value {
		if value, ok := v.set[name]; ok {
			return value
		}
		return added[name]
	}
	for _, path := range files {
		text, err := l.read(path, by, "the project")
		if err != nil {
			return nil, err
		}
		h := l.from.ReadEnvFile(path, text, false, lookup, nil)
		clear(text)
		for _, e := range h.Entries {
			added[e.Name] = interpolate.Value{Text: string(e.Value()), Set: true, Unsure: e.Expanded}
		}
		h.Wipe()
		for _, f := range h.Findings {
			if f.Severity == finding.Error {
				return nil, fault.New(fault.Failed, "%s", f).WithHint("%s", f.Hint).WithDetail(f)
			}
		}
	}
	maps.Copy(added, v.set)
	return &values{added}, nil
}
