//go:build unix && !linux

package process

// forbidAttaching does nothing: macOS asks for an administrator, and the others have
// no such switch that they share.
func forbidAttaching() {}
