package envfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// object reads one JSON object, token by token, for the places.
type object struct {
	*Host
	text                 []byte
	tokens               *json.Decoder
	at                   int64 // where the last token ended
	counted, line, start int   // up to where lines are counted, how many, and where the last one starts
}

// json reads an object of variables, host_config.json, or what Kubernetes takes
// in either form.
func (l *loader) json(path string, text []byte) error {
	if bytes.Contains(text, []byte(`"apiVersion"`)) {
		return l.yaml(path, text)
	}
	h, err := jsonHost(path, text)
	if err != nil {
		return err
	}
	h.Target = l.target(h)
	if filepath.Base(path) == wasmcloud.ConfigFile && h.Target.IsZero() {
		h.Target, _ = wasmcloud.ParseTarget("otp") // nobody else reads it
	}
	l.hosts = append(l.hosts, h)
	return nil
}

func jsonHost(path string, text []byte) (Host, error) {
	h := Host{Name: nameOf(path), Path: path, Line: 1, ReadBy: "json"}
	if bytes.HasPrefix(text, []byte(hostenv.ByteOrderMark)) {
		return h, hostenv.Malformed(path, 1, 1, "a byte order mark opens the file, which no reader of JSON takes", hostenv.MarkHint)
	}
	o := &object{Host: &h, text: text, tokens: json.NewDecoder(bytes.NewReader(text))}
	o.tokens.UseNumber()
	if err := o.members(); err != nil {
		h.Wipe()
		return h, o.broken(err)
	}
	h.Inspect()
	return h, nil
}

// Credential reads what latch writes as json for env exec.
func (l *loader) Credential(path string, text []byte) (Host, error) { return jsonHost(path, text) }

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
		from := int(o.tokens.InputOffset())
		key, err := o.next()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		from += len(o.text[from:]) - len(bytes.TrimLeft(o.text[from:], " \t\r\n,"))
		line, column := o.place(from)
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

// place is the line and column of an offset that comes after the last one.
func (o *object) place(at int) (line, column int) {
	passed := o.text[o.counted:at]
	o.line += bytes.Count(passed, []byte("\n"))
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		o.start = o.counted + i + 1
	}
	o.counted = at
	return 1 + o.line, 1 + at - o.start
}

// member reads a value. Keys in lower case are those of host_config.json.
func (o *object) member(key string, line, column int) error {
	var raw json.RawMessage
	if err := o.tokens.Decode(&raw); err != nil {
		return err
	}
	defer clear(raw)
	name, config := key, false
	if key == strings.ToLower(key) {
		if name, config = configVariable(key); !config {
			return nil // an OTP host does not look at it
		}
	}
	value, form := jsonValue(raw)
	switch {
	case form == jsonNull, config && len(value) == 0: // the host's default
	case form == jsonNested, form == jsonList && !config && name != wasmcloud.ClusterIssuers:
		if hostenv.Concerns(name) {
			o.Note(line, column, finding.Error, hostenv.RuleType, name+" is no text", "write it as a text")
		}
	default:
		if config && name == wasmcloud.ClusterIssuers && form != jsonList {
			o.Note(line, column, finding.Error, hostenv.RuleArray, "the issuers are a text: an OTP host wants an array of them here", `write "cluster_issuers": ["C…", "C…"]`)
		}
		if !config && form == jsonList {
			o.Note(line, column, finding.Error, hostenv.RuleType, name+" is an array: a variable is a text", "join the keys with commas")
		}
		o.Add(name, line, column, value)
	}
	return nil
}

// jsonKind is what a value of JSON is.
type jsonKind int

const (
	jsonText jsonKind = iota // or a number, or a switch
	jsonList
	jsonNull
	jsonNested
)

// jsonValue is a value as a variable holds it, a list joined by commas.
func jsonValue(raw json.RawMessage) ([]byte, jsonKind) {
	var text string
	var list []string
	switch {
	case bytes.Equal(raw, []byte("null")):
		return nil, jsonNull
	case raw[0] == '"' && json.Unmarshal(raw, &text) == nil:
		return []byte(text), jsonText
	case raw[0] == '[' && json.Unmarshal(raw, &list) == nil:
		return []byte(strings.Join(list, ",")), jsonList
	case raw[0] == '{' || raw[0] == '[':
		return nil, jsonNested
	}
	return bytes.Clone(raw), jsonText
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
	return hostenv.Malformed(o.Path, line, column, message, "")
}
