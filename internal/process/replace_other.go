//go:build !unix

package process

// replace runs the program as a child, passing interrupts on, since the
// platform cannot replace a process.
func replace(path string, argv, environ []string) (int, error) {
	got, stop := signals()
	defer stop()
	child, err := start(path, argv, environ, false)
	if err != nil {
		return 0, err
	}
	for {
		select {
		case s := <-got:
			_ = child.Signal(s) // it may just have ended
		case <-child.Ended():
			return child.Code(), nil
		}
	}
}
