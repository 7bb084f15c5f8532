package fault

import (
	"errors"
	"fmt"
)

// Error is an error that a person is told. Its message is lower case, without
// a full stop, and holds no secret.
type Error struct {
	kind          Kind
	message, hint string
	detail        any
	cause         error
	like          error
}

// New makes an error of a kind with its message, formatted as by fmt.Sprintf.
// A cause is given to Because, not to the format.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{kind: kind, message: fmt.Sprintf(format, args...)}
}

// Because gives the error with its cause, whose text follows the message. No
// cause is no change, so that an error never ends in the text of a nil one.
func (e *Error) Because(cause error) *Error {
	with := *e
	if cause != nil {
		with.cause = cause
	}
	return &with
}

// Like makes the error match another by errors.Is, such as fs.ErrNotExist, whose
// text goes without saying.
func (e *Error) Like(other error) *Error {
	with := *e
	with.like = other
	return &with
}

// Is reports whether the error was made to match the target.
func (e *Error) Is(target error) bool { return e.like != nil && errors.Is(e.like, target) }

// WithHint gives the error with the next command to type, or whatever else the
// person can do, formatted as by fmt.Sprintf.
func (e *Error) WithHint(format string, args ...any) *Error {
	with := *e
	with.hint = fmt.Sprintf(format, args...)
	return &with
}

// WithDetail gives the error with what it has to say beyond its message, for
// JSON output. It must hold no secret.
func (e *Error) WithDetail(detail any) *Error {
	with := *e
	with.detail = detail
	return &with
}

// Error is the message, and the cause's behind it.
func (e *Error) Error() string {
	switch {
	case e.cause == nil:
		return e.message
	case e.message == "":
		return e.cause.Error()
	default:
		return e.message + ": " + e.cause.Error()
	}
}

// Hint is the next thing to do, empty where none is known.
func (e *Error) Hint() string { return e.hint }

// Detail is what JSON output says beyond the message, nil for nothing.
func (e *Error) Detail() any { return e.detail }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Hint adds the next thing to do to any error. Nil stays nil.
func Hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return New(Failed, "").Because(err).WithHint(format, args...)
}

// As gives any error another kind, its text unchanged. Nil stays nil.
func As(kind Kind, err error) error {
	if err == nil {
		return nil
	}
	return New(kind, "").Because(err)
}

// HintOf gives the outermost hint in err's chain, empty where there is none.
// An error of another type has one by a method Hint() string.
func HintOf(err error) string {
	hint := ""
	walk(err, func(one error) bool {
		if h, ok := one.(interface{ Hint() string }); ok {
			hint = h.Hint()
		}
		return hint != ""
	})
	return hint
}

// DetailOf gives the outermost detail in err's chain, nil where there is none.
func DetailOf(err error) any {
	var detail any
	walk(err, func(one error) bool {
		if d, ok := one.(interface{ Detail() any }); ok {
			detail = d.Detail()
		}
		return detail != nil
	})
	return detail
}

// walk visits err and all it wraps, outermost first, until visit is satisfied.
func walk(err error, visit func(error) bool) bool {
	if err == nil {
		return false
	}
	if visit(err) {
		return true
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			if walk(one, visit) {
				return true
			}
		}
		return false
	}
	return walk(errors.Unwrap(err), visit)
}
