//go:build !linux

package natstest

import "net"

// ownPort is a loopback port that was free a moment ago.
func ownPort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
