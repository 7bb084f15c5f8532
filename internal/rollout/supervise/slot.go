package supervise

import (
	"os"
	"sync"
	"syscall"
)

// slot holds the child there is, while one is put in another's place.
type slot struct {
	mu       sync.Mutex
	child    Child
	replaced chan struct{} // closed, and made anew, when another child is there
	stopping bool          // latch itself is stopping it
	ending   bool          // a signal has told the host to end
}

// put begins with a child.
func (s *slot) put(c Child) {
	s.child, s.replaced = c, make(chan struct{})
}

// watch gives the child there is, and what tells that there is another.
func (s *slot) watch() (child Child, replaced <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.child, s.replaced
}

// signal passes a signal on. One that ends a host keeps another from being started.
func (s *slot) signal(sig os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch sig {
	case os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT:
		s.ending = true
	}
	_ = s.child.Signal(sig) // it may just have ended
}

// final reports whether a child that has ended was the last one, and its exit code.
// Who notices its end late may find another in its place already.
func (s *slot) final(ended Child) (code int, final bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ended.Code(), s.child == ended && (!s.stopping || s.ending)
}

// leave gives the child that is to be stopped, whose end is not that of the host; false
// where it has ended, or is told to by others.
func (s *slot) leave() (Child, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending || isEnded(s.child) {
		return nil, false
	}
	s.stopping = true
	return s.child, true
}

// stop tells a child to end.
func stop(c Child) {
	if c.Signal(syscall.SIGTERM) != nil { // a system that has no such signal
		_ = c.Kill()
	}
}

// replace puts another child into the place of the one that was stopped, unless the
// host has been told to end.
func (s *slot) replace(start func() (Child, error)) (started bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return false, nil
	}
	next, err := start()
	if err != nil {
		return false, err
	}
	s.child, s.stopping = next, false
	close(s.replaced)
	s.replaced = make(chan struct{})
	return true, nil
}

func isEnded(c Child) bool {
	select {
	case <-c.Ended():
		return true
	default:
		return false
	}
}
