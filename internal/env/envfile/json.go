package envfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/lattice"
)

// hostConfig is the file that OTP hosts read from their folder, and write with
// all they know. Its keys are the variables less their prefix, in lower case.
const (
	hostConfig     = "host_config.json"
	variablePrefix = "WASMCLOUD_"
)

// object reads one JSON object, token by token, for the places.
type object struct {
	*Host
	text   []byte
	tokens *json.Decoder
	at     int64 // where the last token ended
}

func parseJSON(path string, text []byte) ([]Host, error) {
	if bytes.Contains(text, []byte(`"apiVersion"`)) {
		return parseYAML(path, text) // Kubernetes takes either
	}
	h := Host{Name: nameOf(path), Path: path, Line: 1, ReadBy: "json"}
	o := &object{Host: &h, text: text, tokens: json.NewDecoder(bytes.NewReader(text))}
	o.tokens.UseNumber()
	if err := o.members(); err != nil {
		h.Wipe()
		return nil, o.broken(err)
	}
	h.Inspect()
	return []Host{h}, nil
}

func (o *object) next() (json.Token, error) {
	token, err := o.tokens.Token()
	o.at = o.tokens.InputOffset()
	return token, err
}

func (o *object) members() error {
	if open, err := o.next(); err != nil || open != json.Delim('{') {
		return errors.Join(err, errNoObject)
	}
	for o.tokens.More() {
		key, err := o.next()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		line, column := hostenv.Position(o.text, int(o.at)-1)
		if err := o.member(name, line, column); err != nil {
			return err
		}
	}
	if _, err := o.next(); err != nil {
		return err
	}
	if _, err := o.next(); !errors.Is(err, io.EOF) {
		return errors.Join(err, errNoObject)
	}
	return nil
}

var errNoObject = errors.New("the file is not one JSON object")

// member reads a value. Keys in lower case are those of host_config.json.
func (o *object) member(key string, line, column int) error {
	config := key == strings.ToLower(key)
	name := key
	if config {
		name = variablePrefix + strings.ToUpper(key)
	}
	var raw json.RawMessage
	if err := o.tokens.Decode(&raw); err != nil {
		return err
	}
	defer clear(raw)
	var text string
	var list []string
	switch issuers := name == ClusterIssuers; {
	case json.Unmarshal(raw, &text) == nil && raw[0] == '"':
		if config && issuers {
			o.Note(line, column, lattice.SeverityError, hostenv.RuleArray, "the issuers are a text: an OTP host wants an array of them here", `write "cluster_issuers": ["C…", "C…"]`)
		}
		o.Add(name, line, column, []byte(text))
	case issuers && json.Unmarshal(raw, &list) == nil && raw[0] == '[':
		if !config {
			o.Note(line, column, lattice.SeverityError, hostenv.RuleType, name+" is an array: a variable is a text", "join the keys with commas")
		}
		o.Add(name, line, column, []byte(strings.Join(list, ",")))
	case raw[0] == '{' || raw[0] == '[':
		if hostenv.Concerns(name) && !config {
			o.Note(line, column, lattice.SeverityError, hostenv.RuleType, name+" is no text", "write it as a text")
		}
	case !bytes.Equal(raw, []byte("null")):
		o.Add(name, line, column, bytes.Clone(raw))
	}
	return nil
}

// broken says where, not what: the decoder repeats text.
func (o *object) broken(err error) error {
	at, message := o.at, "not JSON, here or a little further down"
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	if errors.Is(err, errNoObject) {
		message = errNoObject.Error()
	}
	line, column := hostenv.Position(o.text, max(int(at)-1, 0))
	return &SyntaxError{Path: o.Path, Line: line, Column: column, message: message}
}
