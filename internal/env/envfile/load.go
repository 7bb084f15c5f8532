package envfile

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// sizeLimit is far above any env file, and above the largest Secret, in bytes.
const sizeLimit = 16 << 20

// RuleReadable is about a file with secrets that others can read.
const RuleReadable lattice.Rule = "readable"

// Load reads a file as Parse does, and the env files that it names. A file with
// seeds that others can read is a finding, not an error; one that is not there
// matches fs.ErrNotExist.
func Load(path string, o Options) ([]Host, error) {
	text, open, err := readAnyway(path)
	if err != nil {
		return nil, err
	}
	defer clear(text)
	hosts, err := Parse(path, text, o)
	if err != nil {
		return nil, err
	}
	for i := range hosts {
		h := &hosts[i]
		if open != nil && holdsSeed(*h) {
			h.Note(h.Line, 1, lattice.SeverityWarning, RuleReadable, "the file holds a seed and "+open.Reason, open.Hint())
		}
		if err := include(h); err != nil {
			Wipe(hosts)
			return nil, err
		}
	}
	return hosts, nil
}

// Wipe overwrites the values of all hosts.
func Wipe(hosts []Host) {
	for _, h := range hosts {
		h.Wipe()
	}
}

// readAnyway reads a file that may be open to others, and says so.
func readAnyway(path string) ([]byte, *safefile.Refusal, error) {
	text, err := safefile.Read(path, safefile.Private, sizeLimit)
	var open *safefile.Refusal
	if errors.As(err, &open) {
		text, err = safefile.Read(path, safefile.Shared, sizeLimit)
	}
	return text, open, err
}

// include puts the variables of the env files before the host's own, which
// count.
func include(h *Host) error {
	var included []Entry
	for _, file := range h.EnvFiles {
		path := file.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(h.Path), path)
		}
		hosts, err := Load(path, Options{Reading: reading.Compose(nil, nil)})
		if errors.Is(err, fs.ErrNotExist) {
			if !file.Optional {
				h.Note(file.Line, file.Column, lattice.SeverityError, hostenv.RuleEnvFile, "there is no "+path+": compose refuses to start "+h.Name, "latch env write makes env files")
			}
			continue
		}
		if err != nil {
			return err
		}
		for _, other := range hosts {
			included = append(included, other.Entries...)
			h.Findings = append(h.Findings, other.Findings...)
		}
	}
	h.Entries = append(included, h.Entries...)
	return nil
}

// holdsSeed reports whether any value is a seed, sound or damaged.
func holdsSeed(h Host) bool {
	for _, e := range h.Entries {
		if keys.MayHoldSeed(e.Value()) {
			return true
		}
	}
	return false
}
