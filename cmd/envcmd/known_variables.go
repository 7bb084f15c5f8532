package envcmd

import (
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
)

// knownVariables are those that hosts read, for who reads env files.
func knownVariables() []envfile.Known {
	var all []envfile.Known
	for _, v := range env.Variables() {
		all = append(all, envfile.Known{Name: v.Name, Sensitive: v.Sensitive, Targets: v.Targets})
	}
	return all
}
