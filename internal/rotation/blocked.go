package rotation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// What a rotation refuses, for errors.Is.
var (
	// ErrBlocked: something stands in the way of the next phase; the error is a
	// *Blocked.
	ErrBlocked = errors.New("something stands in the way")
	// ErrNone: no rotation is under way.
	ErrNone = errors.New("no rotation is under way")
	// ErrNotSigning: no host signs with the issuer, so there is nothing to rotate.
	ErrNotSigning = errors.New("no host signs with it")
	// ErrCompromised: the way back would lead to a compromised key.
	ErrCompromised = errors.New("the old key is compromised")
)

// Obstacle is one thing that keeps a phase from being left.
type Obstacle struct {
	Host   string `json:"host,omitempty"` // empty where no single host is the cause
	Reason string `json:"reason"`
	Remedy string `json:"remedy"` // the command that would clear it; a host must then restart
}

// Blocked says why the next phase cannot start. It matches ErrBlocked.
type Blocked struct {
	Phase     lattice.Phase // the phase that cannot be left
	Obstacles []Obstacle
}

// Error is one obstacle per line.
func (b *Blocked) Error() string {
	lines := []string{fmt.Sprintf("phase %s cannot be left yet", b.Phase)}
	for _, o := range b.Obstacles {
		where := "  "
		if o.Host != "" {
			where += o.Host + ": "
		}
		lines = append(lines, where+o.Reason)
	}
	return strings.Join(lines, "\n")
}

// Hint is what would clear the first obstacle.
func (b *Blocked) Hint() string { return b.Obstacles[0].Remedy }

// Detail is all obstacles, for JSON output.
func (b *Blocked) Detail() any { return b.Obstacles }

// Is makes Blocked match ErrBlocked.
func (b *Blocked) Is(target error) bool { return target == ErrBlocked }

// problem is an error with a remedy that matches a sentinel.
type problem struct {
	message, hint string
	is            error
}

func (p *problem) Error() string { return p.message }

// Hint is the remedy.
func (p *problem) Hint() string { return p.hint }

func (p *problem) Unwrap() error { return p.is }

func refuse(is error, hint, format string, args ...any) error {
	return &problem{message: fmt.Sprintf(format, args...), hint: hint, is: is}
}
