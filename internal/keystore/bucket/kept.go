package bucket

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/safefile"
)

// errSilent matches the error of a bucket whose servers do not answer.
var errSilent = errors.New("no answer")

// Away tells whether an error says that a bucket cannot be reached: its servers are
// not there, or do not answer. One that says no, or something that is not to be
// trusted, is not away.
func Away(err error) bool {
	var failure *natsconn.Failure
	return errors.Is(err, errSilent) ||
		errors.As(err, &failure) && (failure.Step == natsconn.Resolve || failure.Step == natsconn.Reach)
}

// kept are revisions as they were read, still encrypted and signed.
type kept struct {
	Bucket    string    `json:"bucket"`
	Current   time.Time `json:"current"` // when the bucket last said that they are
	Revisions []message `json:"revisions"`
}

// errNotKept: what is asked for is not in the copy.
var errNotKept = errors.New("it is not in the copy")

// notKept says of what.
func (m *medium) notKept(what string) error {
	return fault.New(fault.Unavailable, "the copy of %s that this machine kept has no %s", m.at, what).WithHint("start the host once while NATS can be reached")
}

// get answers as a leader would that has nothing else.
func (k *kept) get(q query) (message, error) {
	for _, m := range slices.Backward(k.Revisions) {
		switch {
		case q.Last != "" && m.Subject == q.Last, q.Next == "" && q.Last == "" && m.Seq == q.Seq:
			return m, nil
		case q.Next != "" && m.Subject == q.Next && m.Seq >= q.Seq:
			return m, nil
		}
	}
	if q.Next != "" {
		return message{}, errNone
	}
	return message{}, errNotKept
}

// readings are the revisions that a store has read, and those of them that it has used
// since they were last asked for.
type readings struct {
	mu   sync.Mutex
	all  map[uint64]message
	used map[uint64]bool // nil while nobody asks for them
}

// open tells whether what is read is of one look.
func (r *readings) open() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.used != nil
}

func (r *readings) add(m message) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[m.Seq] = m
	if r.used != nil {
		r.used[m.Seq] = true
	}
}

// find gives one that was read before: a revision never changes.
func (r *readings) find(seq uint64) (message, bool) {
	if r == nil {
		return message{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m, there := r.all[seq]
	if there && r.used != nil {
		r.used[seq] = true
	}
	return m, there
}

// begin forgets what was used so far.
func (r *readings) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used = map[uint64]bool{}
}

// end forgets what was not used, and gives what was, by revision.
func (r *readings) end() []message {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.all, func(seq uint64, _ message) bool { return !r.used[seq] })
	r.used = nil
	return slices.SortedFunc(maps.Values(r.all), func(a, b message) int { return cmp.Compare(a.Seq, b.Seq) })
}

// Copy is the file in which a machine keeps what it last read of a bucket for one
// purpose, as it was: what is encrypted stays so.
type Copy struct {
	store *Store
	path  string // "" where nothing can be kept
	last  kept   // as the file has it
}

// Copy is that of a name. From now on the store keeps in memory what it reads.
func (s *Store) Copy(name string) *Copy {
	s.medium.read = &readings{all: map[uint64]message{}}
	c := &Copy{store: s}
	if beside := s.medium.memory.path; beside != "" {
		base := strings.TrimSuffix(filepath.Base(beside), ".json")
		c.path = filepath.Join(filepath.Dir(filepath.Dir(beside)), "copies", base+"-"+digest([]byte(name))[:12]+".json")
	}
	return c
}

// Begin has the copy hold what the store reads from now on, all of it by one list.
func (c *Copy) Begin() {
	c.store.medium.read.begin()
	c.store.medium.release()
}

// release has the next look ask whether there is a newer list.
func (m *medium) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holds = false
}

// stale is how old what a copy says of its age may become before it is written anew.
const stale = 10 * time.Minute

const keptLimit = 64 << 20 // bytes

// Save writes what was read since Begin, in place of the last copy.
func (c *Copy) Save() error {
	m := c.store.medium
	m.release()
	next := kept{Bucket: m.at.String(), Current: m.now().UTC().Truncate(time.Second), Revisions: m.read.end()}
	if c.path == "" {
		return fault.New(fault.Unavailable, "no folder for data is known").WithHint("set HOME or XDG_DATA_HOME")
	}
	same := slices.EqualFunc(c.last.Revisions, next.Revisions, func(a, b message) bool { return a.Seq == b.Seq && digest(a.Data) == digest(b.Data) })
	if same && next.Current.Sub(c.last.Current).Abs() < stale {
		return nil
	}
	text, err := json.Marshal(next)
	if err == nil {
		err = m.memory.disk.MakeDir(filepath.Dir(c.path))
	}
	if err == nil {
		_, err = m.memory.disk.Write(c.path, append(text, '\n'), safefile.Private)
	}
	if err == nil {
		c.last = next
	}
	return err
}

// Offline is the store as the copy has it, which is judged as the bucket itself would
// be, and when the bucket last said that it is so. fault.NotFound: there is no copy.
func (c *Copy) Offline() (*Store, time.Time, error) {
	none := fault.New(fault.NotFound, "this machine has kept no copy of what it needs of %s", c.store.medium.at)
	if c.path == "" {
		return nil, time.Time{}, none
	}
	text, err := safefile.Read(c.path, safefile.Private, keptLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, none
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	was := c.store.medium
	var k kept
	if json.Unmarshal(text, &k) != nil || k.Bucket != was.at.String() {
		return nil, time.Time{}, fault.New(fault.Failed, "%s is no copy of %s", c.path, was.at).WithHint("remove it; the next start while NATS can be reached makes it anew")
	}
	m := &medium{
		at: was.at, unlock: was.unlock, memory: was.memory, now: was.now, random: was.random, notice: was.notice, patience: was.patience, kept: &k,
	}
	return newStore(c.store.URI(), m), k.Current, nil
}
