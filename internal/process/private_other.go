//go:build !unix

package process

// closeMemory does nothing: Windows dumps a program that fails only where its
// administrator has asked for that.
func closeMemory() (restore func()) { return func() {} }
