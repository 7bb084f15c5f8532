package issuerscmd

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/safefile"
)

// holderDocument is a file that holds the seed of a key on its way out.
type holderDocument struct {
	File      string         `json:"file"`
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
}

// holders finds who else holds the keys that hosts stop signing with: wash, which
// signs with the seed of its context, and what OTP hosts write on every start.
// Env files are looked at when no host should have the old seeds any more.
func (a verbs) holders(before, after lattice.Manifest, deployed []lattice.Observation) []holderDocument {
	leaving := rotation.Leaving(before, after)
	paths := a.holderFiles()
	if after.Rotation == nil {
		for _, o := range deployed {
			if o.Evidence == lattice.Read {
				paths = append(paths, o.Source)
			}
		}
	}
	found := []holderDocument{}
	if len(leaving) == 0 {
		return found
	}
	name := before.KeyNames()
	for _, path := range paths {
		held, err := heldIn(path, leaving)
		if err != nil {
			a.Warn("whether %s holds an old seed is not known: %v", path, err)
		}
		for _, key := range held {
			found = append(found, holderDocument{path, name(key), key})
		}
	}
	return found
}

// holderFiles are the places where seeds are known to come to rest. Source: wash
// contexts, and host_config.json of wasmcloud-otp config_plan.ex.
func (a verbs) holderFiles() []string {
	paths := []string{"host_config.json"}
	if path, set := a.Sys.Getenv("HOST_CONFIG"); set && path != "" {
		paths = append(paths, path)
	}
	if home := a.Sys.Home(); home != "" {
		contexts, _ := filepath.Glob(filepath.Join(home, ".wash", "contexts", "*.json"))
		paths = append(append(paths, filepath.Join(home, ".wash", "host_config.json")), contexts...)
	}
	return paths
}

// holderLimit bounds what is looked into, in bytes.
const holderLimit = 1 << 20

// heldIn finds the keys whose seed a file holds; one that is not there holds none.
func heldIn(path string, wanted keys.Issuers) (keys.Issuers, error) {
	text, err := safefile.Read(path, safefile.Shared, holderLimit)
	defer clear(text)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return rotation.Held(text, wanted), nil
}
