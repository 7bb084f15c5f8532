package interpolate

import (
	"regexp"
	"strings"
)

// template replaces references as compose does: the rules of its library, corner by
// corner, without what that prepares and logs in every process that links it.
// Source: compose-go v2.16.2 template/template.go, which tests compare it with.
type template struct {
	reference *regexp.Regexp
	lookup    func(name string) (value string, set bool)
}

// requiredError says that a variable has no value, which its reference demands.
type requiredError struct{ variable string }

func (e *requiredError) Error() string { return e.variable + " has no value, and is required" }

// newReference matches a reference: what it escapes, or a name, or what stands in
// braces; with braces and none of these, it is not valid.
func newReference() *regexp.Regexp {
	return regexp.MustCompile(`\$(?i:(\$)|([_a-z][_a-z0-9]*)|{(?:([_a-z][_a-z0-9]*(?::?[-+?](.*))?)}|()))`)
}

// substitute replaces every reference in text; the error is the first.
func (t template) substitute(text string) (string, error) {
	var failed error
	result := t.reference.ReplaceAllStringFunc(text, func(match string) string {
		value, err := t.replace(match)
		if failed == nil {
			failed = err
		}
		return value
	})
	return result, failed
}

// replace gives what stands in the place of a match, which reaches to the last
// brace of its line.
func (t template) replace(match string) (string, error) {
	apply := operatorIn(match)
	rest := ""
	if end := closingBrace(match); end >= 0 {
		match, rest = match[:end+1], match[end+1:]
	}
	groups := t.reference.FindStringSubmatch(match)
	if groups == nil {
		return "", errInvalid
	}
	escaped, named, braced := groups[1], groups[2], groups[3]
	switch {
	case escaped != "":
		return escaped, nil
	case named != "":
		value, _ := t.lookup(named)
		return value, nil
	case braced == "":
		return "", errInvalid
	}
	value, applied, err := apply(t, braced)
	if err != nil {
		return "", err
	}
	if !applied {
		value, _ = t.lookup(braced)
		return value, nil
	}
	nested, err := t.substitute(rest)
	return value + nested, err
}

// operator replaces the inside of braces, where it is in there.
type operator func(t template, inside string) (value string, applied bool, err error)

// operatorIn is the operator that stands first in a match.
func operatorIn(match string) operator {
	first, apply := len(match), operator(func(template, string) (string, bool, error) { return "", false, nil })
	for _, o := range []struct {
		sign  string
		apply operator
	}{
		{":?", required(":?", false)},
		{"?", required("?", true)},
		{":-", absent(":-", false)},
		{"-", absent("-", true)},
		{":+", present(":+", false)},
		{"+", present("+", true)},
	} {
		if at := strings.Index(match, o.sign); at >= 0 && at < first {
			first, apply = at, o.apply
		}
	}
	return apply
}

// absent gives a default where the variable has no value.
func absent(sign string, emptyCounts bool) operator {
	return func(t template, inside string) (string, bool, error) {
		name, fallback, found := strings.Cut(inside, sign)
		if !found {
			return "", false, nil
		}
		if value, set := t.lookup(name); set && (emptyCounts || value != "") {
			return value, true, nil
		}
		value, err := t.substitute(fallback)
		return value, true, err
	}
}

// present gives another value where the variable has one.
func present(sign string, emptyCounts bool) operator {
	return func(t template, inside string) (string, bool, error) {
		name, instead, found := strings.Cut(inside, sign)
		if !found {
			return "", false, nil
		}
		value, set := t.lookup(name)
		if !set || !emptyCounts && value == "" {
			return value, true, nil
		}
		value, err := t.substitute(instead)
		return value, true, err
	}
}

// required fails where the variable has no value.
func required(sign string, emptyCounts bool) operator {
	return func(t template, inside string) (string, bool, error) {
		name, message, found := strings.Cut(inside, sign)
		if !found {
			return "", false, nil
		}
		if value, set := t.lookup(name); set && (emptyCounts || value != "") {
			return value, true, nil
		}
		if _, err := t.substitute(message); err != nil {
			return "", false, err
		}
		return "", true, &requiredError{name}
	}
}

// closingBrace is where the first reference of a match ends; -1 if nowhere.
func closingBrace(match string) int {
	open := 0
	for i := 0; i < len(match); i++ {
		switch match[i] {
		case '}':
			if open--; open == 0 {
				return i
			}
		case '{':
			open++
			i++ // as compose does
		}
	}
	return -1
}
