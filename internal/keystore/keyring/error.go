package keyring

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
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

// Error says why the keyring cannot be used. It is of the kind fault.Locked
// where it is locked, else fault.Unavailable.
type Error struct {
	Reason Reason
	told   *fault.Error
}

// Unusable makes an Error. why is nil where the reason says it all.
func Unusable(reason Reason, why error, message string) *Error {
	kind := fault.Unavailable
	if reason == Locked {
		kind = fault.Locked
	}
	told := fault.New(kind, "the keyring cannot be used: %s", message).Because(why)
	return &Error{Reason: reason, told: told.WithHint("%s; or keep seeds in files that age encrypts: latch keystore init age:keys --new-identity FILE", reason.remedy())}
}

// Error says what is wrong.
func (e *Error) Error() string { return e.told.Error() }

// Unwrap gives the fault, with its kind and its remedy.
func (e *Error) Unwrap() error { return e.told }

// withPassword hands a password to the command that follows, neither as an
// argument nor with a line end, which would be part of it.
const withPassword = `read -rs P && printf %s "$P" | ` //nolint:gosec // no password: the command that asks for one

func (r Reason) remedy() string {
	switch r {
	case NoBus:
		return "log in to a desktop session, or start one: dbus-run-session -- bash"
	case NoService:
		return "start one with your password: " + withPassword + "gnome-keyring-daemon --unlock --components=secrets"
	case NoDefault:
		return "make one with a password of your choice: " + withPassword + "gnome-keyring-daemon --replace --unlock --components=secrets"
	case Locked:
		return "unlock it, for example with seahorse or by logging in to the desktop"
	case TimedOut:
		return "look for a prompt waiting on the desktop, or restart the keyring service"
	default:
		return "see whether other programs can use it: secret-tool search service latch"
	}
}

func timedOut(limit time.Duration) error {
	return Unusable(TimedOut, nil, "it has not answered for "+limit.String())
}

// explained names the reason of an error from the library, which has no types
// for them. What ends ctx, and a missing item, stay what they are.
func explained(doing string, err error) error {
	var known *Error
	switch {
	case errors.Is(err, ErrNoItem), errors.As(err, &known),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case saysLocked(err.Error()):
		return Unusable(Locked, err, "it is locked")
	}
	return Unusable(Failed, err, "failed to "+doing+" an item")
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
