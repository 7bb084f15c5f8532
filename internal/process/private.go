package process

// Private keeps the memory of this process, in which seeds may be, out of core
// dumps and from other programs of the same person, as far as the system can. A
// program that the process runs in its own place is as open as it would be without
// latch.
func Private(s System) System {
	restore := closeMemory()
	replace := s.Replace
	s.Replace = func(path string, argv, environ []string) (int, error) {
		restore()
		code, err := replace(path, argv, environ)
		closeMemory() // it failed: this process goes on
		return code, err
	}
	return s
}
