package issuerscmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// deployedLimit bounds an env file, in bytes.
const deployedLimit = 1 << 20

// deployedFile is what one env file tells one host.
type deployedFile struct {
	path       string
	standing   lattice.Standing
	generation uint64
}

// readDeployed reads env files as they lie on hosts: every env file of the
// folders, and the files themselves. What concerns no host, or one of another lattice, is
// passed over; two files that tell one host different things are an error.
func (a verbs) readDeployed(ctx context.Context, paths []string, prefix string) ([]deployedFile, error) {
	var all []deployedFile
	first := map[string]deployedFile{}
	files, err := a.SettledFiles(ctx, paths)
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		found, err := readEnvFile(path, prefix)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			other, twice := first[f.standing.Host]
			switch {
			case !twice:
				first[f.standing.Host] = f
				all = append(all, f)
			case !other.standing.Same(f.standing):
				return nil, fault.New(fault.Failed, "%s and %s tell the host %s different things", other.path, f.path, f.standing.Host).WithHint("name the file that the host starts from: --deployed %s", f.path)
			}
		}
	}
	if len(paths) > 0 && len(all) == 0 {
		return nil, fault.New(fault.NotFound, "no env file of the lattice %s in %s", prefix, strings.Join(paths, ", ")).WithHint("latch env write")
	}
	return all, nil
}

func readEnvFile(path, prefix string) ([]deployedFile, error) {
	text, err := safefile.Read(path, safefile.Shared, deployedLimit)
	if errors.Is(err, safefile.ErrTooLarge) {
		return nil, nil // whatever it is
	}
	if err != nil {
		return nil, err
	}
	defer clear(text)
	hosts, err := envfile.Parse(path, text, envfile.Options{})
	if err != nil {
		return nil, fmt.Errorf("failed to read the deployed file %s: %w", path, err)
	}
	var found []deployedFile
	for _, h := range hosts {
		if concerns(h, prefix) {
			found = append(found, deployedFile{path, h.Standing(), h.Generation})
		}
		h.Wipe()
	}
	return found, nil
}

// concerns reports whether the file speaks of cluster keys in our lattice.
func concerns(h envfile.Host, prefix string) bool {
	for _, name := range []string{"WASMCLOUD_LATTICE", "WASMCLOUD_LATTICE_PREFIX"} {
		if e, set := h.Lookup(name); set && string(e.Value()) != prefix {
			return false
		}
	}
	_, seed := h.Lookup(envfile.ClusterSeed)
	_, issuers := h.Lookup(envfile.ClusterIssuers)
	return seed || issuers
}

func observations(files []deployedFile, at time.Time) []lattice.Observation {
	seen := make([]lattice.Observation, len(files))
	for i, f := range files {
		seen[i] = lattice.Observation{Standing: f.standing, Generation: f.generation, Evidence: lattice.Read, At: at}
	}
	return seen
}
