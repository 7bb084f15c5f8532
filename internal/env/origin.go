package env

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// mark opens the first comment of every file that latch writes.
const mark = "Made by latch"

// origin is what a file of latch's says of where it comes from.
type origin struct {
	lattice, host string
	generation    uint64 // 0 where the dialect does not carry it
}

// mostText bounds a file that is looked at for its origin, in bytes: longer than
// any that latch writes.
const mostText = 8 << 20

// originOf tells a file that latch wrote. False: it did not, or the file cannot be
// read. A dialect that has comments names its origin in the first ones; in others
// it shows in the variables.
func originOf(path string) (origin, bool) {
	text, err := safefile.ReadStart(path, mostText)
	defer clear(text)
	if err != nil {
		return origin{}, false
	}
	switch extension := filepath.Ext(path); {
	case bytes.HasPrefix(text, []byte("# "+mark)):
		return originInComment(text)
	case extension == jsonExtension:
		return originInJSON(text)
	case extension == gitHubExtension:
		return originInLines(text)
	case extension == otpConfigExtension:
		found, ours := originInConfig(text)
		found.host = strings.TrimSuffix(filepath.Base(path), otpConfigExtension)
		return found, ours
	}
	return origin{}, false
}

func originInComment(text []byte) (origin, bool) {
	var found origin
	for line := range bytes.Lines(text) {
		comment, ok := bytes.CutPrefix(bytes.TrimSuffix(line, []byte("\n")), []byte("# "))
		if !ok {
			break
		}
		switch key, value, _ := strings.Cut(string(comment), ": "); key {
		case "lattice":
			found.lattice = value
		case "host":
			found.host = value
		case "generation":
			found.generation = generationIn(value)
		}
	}
	return found, found.host != ""
}

func originInJSON(text []byte) (origin, bool) {
	e, err := ReadCredential(text)
	if err != nil {
		return origin{}, false
	}
	defer e.Wipe()
	var found origin
	for _, a := range e.Assignments {
		if !found.take(a.Name, a.plain) {
			return origin{}, false
		}
	}
	return found, found.host != ""
}

// originInLines reads the lines of NAME=VALUE.
func originInLines(text []byte) (origin, bool) {
	var found origin
	for line := range bytes.Lines(text) {
		name, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte("="))
		if !found.take(string(name), string(value)) {
			return origin{}, false
		}
	}
	return found, found.host != ""
}

// take notes what a variable says of the origin: the label is latch's own. False:
// this is none of latch's files, since there the lattice comes first.
func (o *origin) take(name, value string) bool {
	switch name {
	case wasmcloud.Lattice, wasmcloud.LatticePrefix:
		o.lattice = value
	case wasmcloud.OldLabel + wasmcloud.HostLabel, wasmcloud.Label + wasmcloud.HostLabel:
		o.host = value
	case wasmcloud.OldLabel + wasmcloud.GenerationLabel, wasmcloud.Label + wasmcloud.GenerationLabel:
		o.generation = generationIn(value)
	}
	return o.lattice != ""
}

// generationIn reads a generation; what is none counts as the oldest.
func generationIn(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// originInConfig tells a host_config.json that latch wrote from one that an OTP
// host or a person did: it has no label and no comment, but the members that latch
// knows, in the order and the layout in which it writes them.
func originInConfig(text []byte) (origin, bool) {
	var found origin
	var written members
	decoder, places := json.NewDecoder(bytes.NewReader(text)), configPlaces()
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return origin{}, false
	}
	last := 0
	for decoder.More() {
		token, err := decoder.Token()
		key, _ := token.(string)
		place := places[key]
		var raw json.RawMessage
		if err != nil || decoder.Decode(&raw) != nil || place < last || place == 0 {
			return origin{}, false
		}
		if last = place; place == 1 {
			_ = json.Unmarshal(raw, &found.lattice)
		}
		written.add(key, raw)
	}
	again, err := written.object(nil)
	defer clear(again)
	return found, err == nil && found.lattice != "" && bytes.Equal(again, text)
}

// configPlaces gives where latch writes each member of host_config.json: the
// lattice first, from 1, and last, all in one place, those that only a manifest's
// env sets.
func configPlaces() map[string]int {
	places, variables := map[string]int{}, allWritten()
	for _, m := range wasmcloud.ConfigMembers() {
		places[m.Key] = len(variables)
		for i, w := range variables {
			if w.name == m.Variable {
				places[m.Key] = i // the first, before the lattice's, is not of the file
			}
		}
	}
	return places
}
