//go:build !unix

package process

import (
	"os"
	"os/exec"
)

func setApart(*exec.Cmd) {}

func kill(p *os.Process, _ bool) error { return p.Kill() }

func exitCode(s *os.ProcessState) int { return s.ExitCode() }

// passedOn are all that there are.
func passedOn() []os.Signal { return nil }

func fromKeys() []os.Signal { return []os.Signal{os.Interrupt} }
