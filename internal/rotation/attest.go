package rotation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Attestation is an operator's word that hosts have restarted with what the
// manifest says.
type Attestation struct {
	Hosts      []string // none: all of them
	Generation uint64   // of the manifest that the word is about; 0: of the one at hand
}

const attestAll = "all"

// ParseAttestation reads words such as web-1, web-1@7 and all@7.
func ParseAttestation(words []string) (Attestation, error) {
	var a Attestation
	all := false
	for i, word := range words {
		name, text, bound := strings.Cut(word, "@")
		generation, err := strconv.ParseUint(text, 10, 64)
		switch {
		case bound && (err != nil || generation == 0):
			return a, fault.New(fault.Usage, "what follows the @ is a generation of the manifest, such as 7").WithHint("latch issuers rotate status shows it")
		case i > 0 && generation != a.Generation:
			return a, fault.New(fault.Usage, "one word can only be about one generation")
		}
		a.Generation = generation
		if name == attestAll {
			all = true
			continue
		}
		a.Hosts = append(a.Hosts, name)
	}
	if all && len(a.Hosts) > 0 {
		return a, fault.New(fault.Usage, "--attest all leaves nothing to name")
	}
	return a, nil
}

// Attest takes the word down. It refuses one that is about another generation: the
// phase that the operator saw may be another one. An unknown host is not found.
func Attest(m lattice.Manifest, word Attestation, at time.Time) (lattice.Manifest, error) {
	if word.Generation != 0 && word.Generation != m.Generation {
		return m, fault.New(fault.Refused, "the word is about generation %d, and the manifest is at %d", word.Generation, m.Generation).
			WithHint("latch issuers rotate status")
	}
	var attested []lattice.Observation
	left := map[string]bool{}
	for _, name := range word.Hosts {
		left[name] = true
	}
	for _, s := range m.Standings() {
		if len(word.Hosts) == 0 || left[s.Host] {
			delete(left, s.Host)
			attested = append(attested, lattice.Observation{
				Standing: s, Generation: m.Generation, Evidence: lattice.Attested, At: at,
			})
		}
	}
	if i := slices.IndexFunc(word.Hosts, func(name string) bool { return left[name] }); i >= 0 {
		return m, m.NoHost(word.Hosts[i])
	}
	return Observe(m, attested), nil
}
