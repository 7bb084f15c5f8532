package agefile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// List is a recipients file: one recipient a line, as `age -R` reads it. Blank
// lines and comments are kept as they are.
type List struct{ lines []line }

type line struct {
	text      string
	recipient *Recipient // nil for a comment or a blank line
}

// ParseList reads a recipients file. A line that is no recipient, or the second
// with the same one, is an error that names it by number.
func ParseList(data []byte) (List, error) {
	var list List
	for number, text := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		text = strings.TrimRight(text, "\r")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			list.lines = append(list.lines, line{text: text})
			continue
		}
		r, err := ParseRecipient(text)
		if err != nil {
			return List{}, fmt.Errorf("line %d: %w", number+1, err)
		}
		if _, there := list.find(r.Text); there {
			return List{}, fmt.Errorf("line %d: the recipient is there twice", number+1)
		}
		list.lines = append(list.lines, line{text: text, recipient: &r})
	}
	return list, nil
}

// Bytes is the file.
func (l List) Bytes() []byte {
	var out bytes.Buffer
	for _, line := range l.lines {
		out.WriteString(line.text + "\n")
	}
	return out.Bytes()
}

// Recipients are those in the list, in its order.
func (l List) Recipients() []Recipient {
	var all []Recipient
	for _, line := range l.lines {
		if line.recipient != nil {
			all = append(all, *line.recipient)
		}
	}
	return all
}

// With is the list with r at its end; false where it is there already.
func (l List) With(r Recipient) (List, bool) {
	if _, there := l.find(r.Text); there {
		return l, false
	}
	text := r.Text
	if r.Comment != "" {
		text += " " + r.Comment
	}
	lines := append([]line{}, l.lines...)
	if len(lines) == 1 && lines[0].text == "" {
		lines = nil
	}
	return List{append(lines, line{text: text, recipient: &r})}, true
}

// ErrNoRecipient says that a list does not have the recipient.
var ErrNoRecipient = errors.New("no such recipient")

// Without is the list less the recipient with this text or comment, which must
// be one.
func (l List) Without(which string) (List, Recipient, error) {
	var at int
	wanted, err := ParseRecipient(which)
	if err == nil {
		at, _ = l.find(wanted.Text)
	} else if at, err = l.commented(which); err != nil {
		return l, Recipient{}, err
	}
	if at < 0 {
		return l, Recipient{}, ErrNoRecipient
	}
	gone := *l.lines[at].recipient
	lines := append([]line{}, l.lines[:at]...)
	return List{append(lines, l.lines[at+1:]...)}, gone, nil
}

func (l List) find(text string) (int, bool) {
	for i, line := range l.lines {
		if line.recipient != nil && line.recipient.Text == text {
			return i, true
		}
	}
	return -1, false
}

// commented finds the one recipient with a comment.
func (l List) commented(comment string) (int, error) {
	at := -1
	for i, line := range l.lines {
		if line.recipient == nil || line.recipient.Comment == "" || line.recipient.Comment != comment {
			continue
		}
		if at >= 0 {
			return -1, errors.New("more than one recipient has this comment: give the key itself")
		}
		at = i
	}
	return at, nil
}
