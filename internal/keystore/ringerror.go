package keystore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Reason is why the keyring cannot be used. The values are stable.
type Reason string

// The reasons, each with a remedy of its own.
const (
	NoBus     Reason = "no_bus"     // no D-Bus session bus to find the keyring on
	NoService Reason = "no_service" // a bus, but no keyring on it
	NoDefault Reason = "no_default" // a service without a default keyring
	Locked    Reason = "locked"
	TimedOut  Reason = "timed_out"
	Failed    Reason = "failed" // anything else, in the library's words
)

// KeyringError says why the keyring cannot be used. It matches ErrLocked where
// it is locked, else ErrUnavailable.
type KeyringError struct {
	Reason  Reason
	message string
	cause   error // may be nil
}

// Error says what is wrong.
func (e *KeyringError) Error() string {
	if e.cause == nil {
		return "the keyring cannot be used: " + e.message
	}
	return "the keyring cannot be used: " + e.message + ": " + e.cause.Error()
}

// Unwrap is the library's error.
func (e *KeyringError) Unwrap() error { return e.cause }

// Is matches ErrLocked or ErrUnavailable.
func (e *KeyringError) Is(target error) bool {
	if e.Reason == Locked {
		return target == ErrLocked
	}
	return target == ErrUnavailable
}

// Hint is the remedy, and the way out that always works.
func (e *KeyringError) Hint() string {
	return e.remedy() + ", or keep seeds in files: --keystore dir:DIR"
}

func (e *KeyringError) remedy() string {
	switch e.Reason {
	case NoBus:
		return "log in to a desktop session, or start one: dbus-run-session -- bash"
	case NoService:
		return "start one: gnome-keyring-daemon --start --components=secrets"
	case NoDefault:
		return "make a default keyring, for example with seahorse"
	case Locked:
		return "unlock it, for example with seahorse or by logging in to the desktop"
	case TimedOut:
		return "look for a prompt waiting on the desktop, or restart the keyring service"
	default:
		return "see whether other programs can use it: secret-tool search service latch"
	}
}

func timedOut(limit time.Duration) error {
	return &KeyringError{Reason: TimedOut, message: fmt.Sprintf("it has not answered for %v", limit)}
}

// ringFailure names the reason of an error from the library, which has no types
// for them. What ends ctx, and a missing item, stay what they are.
func ringFailure(doing string, err error) error {
	var known *KeyringError
	switch {
	case errors.Is(err, errNoItem), errors.As(err, &known),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case saysLocked(err.Error()):
		return &KeyringError{Reason: Locked, message: "it is locked", cause: err}
	}
	return &KeyringError{Reason: Failed, message: "failed to " + doing + " an item", cause: err}
}

// saysLocked knows the words of the Secret Service library and of macOS, where
// a session without a screen may not ask for the password (-25308).
func saysLocked(text string) bool {
	for _, words := range []string{"failed to unlock correct collection", "IsLocked", "-25308", "interaction is not allowed"} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}
