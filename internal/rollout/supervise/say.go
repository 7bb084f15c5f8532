package supervise

import (
	"fmt"
	"strings"
	"sync"

	"github.com/latch-keys/latch/internal/rollout"
)

// repeat keeps a supervisor from saying the same again and again.
type repeat struct {
	mu   sync.Mutex
	last map[string]string // by the sentence's form: what it said
}

// isNew reports whether the sentence differs from the last of its form.
func (r *repeat) isNew(form, text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = map[string]string{}
	}
	if r.last[form] == text {
		return false
	}
	r.last[form] = text
	return true
}

// forget has everything be said again that comes up again.
func (r *repeat) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = nil
}

func (s *Supervisor) say(format string, args ...any)  { s.tell(s.Say, format, args) }
func (s *Supervisor) warn(format string, args ...any) { s.tell(s.Warn, format, args) }

func (s *Supervisor) tell(by func(string, ...any), format string, args []any) {
	if text := fmt.Sprintf(format, args...); s.quiet.isNew(format, text) {
		by("%s", text)
	}
}

// sayHalted names the hosts that a roll-out has halted at.
func (s *Supervisor) sayHalted(halts []rollout.Halt) {
	for _, h := range halts {
		s.warn("the roll-out has halted at %s, so %s goes on as it is: %s. %s", h.Want.Host, s.Member.Host, h.Why, goOn(h.Want.Host))
	}
}

// list names hosts: of many the first.
func list(hosts []string) string {
	const most = 5
	if more := len(hosts) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(hosts[:most], ", "), more)
	}
	return strings.Join(hosts, ", ")
}
