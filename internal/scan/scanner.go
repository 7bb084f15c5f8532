package scan

import (
	"cmp"
	"slices"
	"sync"

	"github.com/latch-keys/latch/internal/keys"
)

// Place is where a seed stands.
type Place struct {
	File   string `json:"file,omitempty"` // what is in an archive stands behind a !
	Line   int    `json:"line,omitempty"` // from 1
	Column int    `json:"column,omitempty"`
	Object string `json:"object,omitempty"` // of git
	Commit string `json:"commit,omitempty"` // the first that has it, "" where no branch or tag leads to it
}

// Leak is a key whose seed was found.
type Leak struct {
	Key keys.PublicKey
	// Sound: it stands somewhere as it should be. Otherwise it is in pieces, in small
	// letters, or has a checksum that is wrong, which hosts take all the same.
	Sound  bool
	Places []Place // the first mostPlaces of them
	Count  int
}

// mostPlaces bounds what is kept of one key.
const mostPlaces = 100

// Unread is what could not be read, and why.
type Unread struct {
	Name string `json:"name"`
	Why  string `json:"reason"`
}

// mostUnread bounds what is kept of all that could not be read.
const mostUnread = 1000

// Coverage is what was looked at.
type Coverage struct {
	Files   int      `json:"files_read"`
	Objects int      `json:"objects_read"` // of git
	Bytes   int64    `json:"bytes_read"`   // of files and objects, unpacked
	Ignored int      `json:"ignored"`      // what git ignores, and was left out
	Missed  int      `json:"unread_count"` // what could not be read
	Unread  []Unread `json:"unread"`       // the first mostUnread of it
}

// Scanner gathers what is found. Its methods may be called at once.
type Scanner struct {
	closed   []form
	packings []packing

	mu       sync.Mutex
	leaks    map[keys.PublicKey]*Leak
	coverage Coverage
}

// New is a Scanner that has looked at nothing.
func New() *Scanner {
	return &Scanner{
		closed: closed(), packings: packings(),
		leaks: map[keys.PublicKey]*Leak{}, coverage: Coverage{Unread: []Unread{}},
	}
}

// Leaks are what was found, by key; the places of each in order.
func (s *Scanner) Leaks() []Leak {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Leak, 0, len(s.leaks))
	for _, leak := range s.leaks {
		slices.SortFunc(leak.Places, func(a, b Place) int {
			return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		all = append(all, *leak)
	}
	slices.SortFunc(all, func(a, b Leak) int { return cmp.Compare(a.Key.String(), b.Key.String()) })
	return all
}

// Coverage is what was looked at so far.
func (s *Scanner) Coverage() Coverage {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.coverage
	c.Unread = slices.Clone(c.Unread)
	slices.SortFunc(c.Unread, func(a, b Unread) int { return cmp.Compare(a.Name, b.Name) })
	return c
}

func (s *Scanner) add(key keys.PublicKey, sound bool, at Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	leak := s.leaks[key]
	if leak == nil {
		leak = &Leak{Key: key}
		s.leaks[key] = leak
	}
	leak.Sound = leak.Sound || sound
	leak.Count++
	if len(leak.Places) < mostPlaces {
		leak.Places = append(leak.Places, at)
	}
}

func (s *Scanner) unread(name, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage.Missed++
	if len(s.coverage.Unread) < mostUnread {
		s.coverage.Unread = append(s.coverage.Unread, Unread{name, why})
	}
}

func (s *Scanner) count(files, objects int, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage.Files += files
	s.coverage.Objects += objects
	s.coverage.Bytes += bytes
}
