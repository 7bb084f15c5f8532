package invocation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// Input is one thing to judge: a message as it travels, a message taken apart,
// or a token alone.
type Input struct {
	Raw     []byte   // MessagePack, nil otherwise
	Message *Message // from JSON, nil otherwise
	Token   string   // alone, "" otherwise
}

// ParseInputs reads what a file holds: messages as JSON documents, tokens one a
// line, or one message in MessagePack.
func ParseInputs(data []byte) ([]Input, error) {
	trimmed := bytes.TrimSpace(data)
	switch {
	case len(trimmed) == 0:
		return nil, fault.New(fault.Failed, "there is no invocation in it")
	case trimmed[0] == '{':
		return jsonInputs(trimmed)
	case bytes.HasPrefix(trimmed, []byte("eyJ")):
		return tokenInputs(trimmed), nil
	}
	return []Input{{Raw: data}}, nil
}

func jsonInputs(data []byte) ([]Input, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var all []Input
	for {
		m := new(Message)
		err := decoder.Decode(m)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fault.New(fault.Failed, "invocation %d is no such JSON document", len(all)+1).Because(jsonError(err)).
				WithHint("latch invocation sign --form json makes one")
		}
		all = append(all, Input{Message: m})
	}
}

// jsonError leaves out what a document holds: it may be a secret by mistake.
func jsonError(err error) error {
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("%s is of the wrong type", mismatch.Field)
	}
	return err
}

func tokenInputs(data []byte) []Input {
	var all []Input
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, Input{Token: line})
		}
	}
	return all
}

// Read takes an input apart without judging it; strict's reading is used, which
// takes what any verifier takes.
func (i Input) Read() (*Message, *Claims, error) {
	m := i.Message
	token := i.Token
	if i.Raw != nil {
		read, _, err := decode(i.Raw, rustLayout())
		if err != nil {
			return nil, nil, fault.New(fault.Failed, "the message cannot be read").Because(err)
		}
		m = &read
	}
	if m != nil {
		token = m.Claims
	}
	t := takeApart(token, decodeLoosely)
	switch {
	case t.count != 3:
		return m, nil, fault.New(fault.Failed, "the token has %d parts, not 3", t.count)
	case t.claimsErr != nil:
		return m, nil, fault.New(fault.Failed, "the claims cannot be read").Because(t.claimsErr)
	}
	return m, &t.claims, nil
}
