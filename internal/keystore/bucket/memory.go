package bucket

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// memory is a file with what was last seen of a bucket. Without it nobody can tell a
// bucket from an older copy of it.
type memory struct {
	path string // "" for none
	disk safefile.Disk
}

// seen is what was last seen: zero for nothing yet.
type seen struct {
	Store       string           `json:"store"`
	Generation  uint64           `json:"generation"`
	Digest      string           `json:"digest"` // of that root
	Maintainers []keys.PublicKey `json:"maintainers"`
	// Manifests are the newest of each lattice: they may be gone from the list, and
	// are remembered all the same.
	Manifests map[string]seenManifest `json:"manifests,omitempty"`
}

// seenManifest is a manifest as it was seen last, zero for never.
type seenManifest struct {
	Generation uint64 `json:"generation"`
	Edition    uint64 `json:"edition,omitempty"`
	Text       string `json:"text"` // its digest
}

const memoryLimit = 1 << 20 // bytes

// memoryIn is the memory of an address in a folder.
func memoryIn(folder string, at Address, disk safefile.Disk) memory {
	if folder == "" {
		return memory{}
	}
	return memory{path: filepath.Join(folder, "buckets", at.Bucket+"-"+digest([]byte(at.String()))[:12]+".json"), disk: disk}
}

func (m memory) read() (seen, error) {
	var last seen
	if m.path == "" {
		return last, nil
	}
	text, err := safefile.Read(m.path, safefile.Owned, memoryLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return last, nil
	}
	if err == nil && json.Unmarshal(text, &last) != nil {
		err = fault.New(fault.Failed, "%s, which tells what was last seen of the keystore, is malformed", m.path).
			WithHint("remove it; until the next use, latch then cannot tell whether the keystore was rolled back")
	}
	return last, err
}

// write remembers a root, unless a newer one is remembered already.
func (m memory) write(ctx context.Context, s snapshot) error {
	if last, err := m.read(); m.path == "" || err != nil || !s.newerThan(last) {
		return err
	}
	if err := m.disk.MakeDir(filepath.Dir(m.path)); err != nil {
		return err
	}
	release, err := safefile.Lock(ctx, m.path)
	if err != nil {
		if last, readErr := m.read(); readErr == nil && !s.newerThan(last) {
			return nil // one of those in the way has done it
		}
		return err
	}
	defer release()
	last, err := m.read() // again: another process may have remembered a newer one
	if err != nil || !s.newerThan(last) {
		return err
	}
	text, err := json.MarshalIndent(seen{s.Store, s.Generation, s.digest, s.maintainerKeys(), s.seenManifests(last)}, "", "  ")
	if err != nil {
		return err
	}
	_, err = m.disk.Write(m.path, append(text, '\n'), safefile.Owned)
	return err
}

// newerThan tells whether there is something in a root to remember.
func (s snapshot) newerThan(last seen) bool {
	return last.Store != s.Store || s.Generation > last.Generation
}

// seenManifests are the manifests of the root, and what was seen of those before:
// none takes the place of a newer one.
func (s snapshot) seenManifests(last seen) map[string]seenManifest {
	all := map[string]seenManifest{}
	if last.Store == s.Store {
		maps.Copy(all, last.Manifests)
	}
	for _, p := range s.Manifests {
		if p.since(all[p.Lattice]) > 0 {
			all[p.Lattice] = p.asSeen()
		}
	}
	return all
}

// snapshot is a root as it was read.
type snapshot struct {
	root

	seq    uint64
	digest string
	by     keys.PublicKey
}

// accept judges a root that a server gave: by whom it is, and whether it may follow
// what was seen last. first: nothing was, and no maintainer is named by the URI.
func (m *medium) accept(s snapshot, last seen) (first bool, err error) {
	first = len(m.at.Maintainers)+len(last.Maintainers) == 0
	switch {
	case !s.maintains(s.by) || !s.trustedFrom(m.at.Maintainers, 0) || last.Store == s.Store && !s.trustedFrom(last.Maintainers, last.Generation):
		return first, m.refused("it is signed by "+s.by.String()+", who is not trusted here",
			"somebody put it there, or the maintainers have changed: ask one, and name the maintainer you trust by ?maintainer=U... in the keystore's URI")
	case last.Store == "":
		return first, nil
	case last.Store != s.Store:
		return first, m.refused("it is not the keystore that was there before", m.ifMeant("made anew"))
	case s.Generation < last.Generation && m.kept != nil:
		return first, nil // as old as the copy is: of its manifest more is asked
	case s.Generation < last.Generation:
		return first, m.rolledBack(s, last)
	case s.Generation == last.Generation && s.digest != last.Digest, !s.follows(last):
		return first, m.refused("it does not follow from what was seen here before: the keystore has two histories", m.ifMeant("restored from a backup"))
	}
	return first, nil
}

// follows tells whether a later root knows the one seen last among those before it, as
// far as it says what they were.
func (s snapshot) follows(last seen) bool {
	back := s.Generation - last.Generation
	return back == 0 || back > uint64(len(s.Trail)) || s.Trail[back-1] == last.Digest
}

func (m *medium) rolledBack(s snapshot, last seen) error {
	return fault.New(fault.Refused, "%s was rolled back: it is at generation %d, and %d was seen here before", m.at, s.Generation, last.Generation).
		WithHint("%s", m.ifMeant("restored from a backup"))
}

func (m *medium) refused(why, hint string) error {
	return fault.New(fault.Refused, "the list of keys in %s is not to be trusted: %s", m.at, why).WithHint("%s", hint)
}

func (m *medium) ifMeant(how string) string {
	return "find out why; if it was " + how + " on purpose, remove " + m.memory.path
}
