package envfile

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Reading is a program's way to read an env file.
type Reading interface {
	// Name is what the reading is chosen by.
	Name() string
	// About names the programs that read so.
	About() string
	// read adds the text's entries, and findings, to the host.
	read(h *Host, text []byte)
}

// Readings lists those there are. The first, the default, stands for all of
// them: it wants them to agree.
func Readings() []Reading {
	return append([]Reading{everyone{}}, programs()...)
}

func programs() []Reading {
	return []Reading{shell{}, systemd{}, compose{}, docker{}, otp{}}
}

// ParseReading finds a reading by its name. The error lists the known ones.
func ParseReading(name string) (Reading, error) {
	var known []string
	for _, r := range Readings() {
		if r.Name() == name {
			return r, nil
		}
		known = append(known, r.Name())
	}
	return nil, fmt.Errorf("unknown reading %q: must be one of %s", name, strings.Join(known, ", "))
}

// guess is the reading of a file nobody chose one for: OTP hosts read .env in
// their folder, only a shell can do with export, the extensions are those latch
// writes, and any other file might go to any program.
func guess(path string, text []byte) Reading {
	exports := regexp.MustCompile(`(?m)^[ \t]*export[ \t]`)
	base := filepath.Base(path)
	extension := filepath.Ext(base)
	switch {
	case base == ".env" || strings.HasPrefix(base, ".env."):
		return otp{}
	case extension == ".sh" || exports.Match(text):
		return shell{}
	case extension == ".systemd":
		return systemd{}
	case extension == ".docker":
		return docker{}
	}
	return everyone{}
}

// form is what a file is written in, by its extension.
type form int

const (
	envForm form = iota
	jsonForm
	yamlForm
	foreignForm // latch writes it, but does not read it
)

func formOf(path string) form {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".host_config":
		return jsonForm
	case ".yaml", ".yml":
		return yamlForm
	case ".fish", ".ps1", ".conf", ".github":
		return foreignForm
	}
	return envForm
}

// Readable reports whether a file in a folder of env files is one of those that
// Parse reads, by its name.
func Readable(name string) bool {
	known := []string{".env", ".sh", ".systemd", ".docker", ".json", ".host_config", ".yaml", ".yml"}
	return slices.Contains(known, strings.ToLower(filepath.Ext(name))) || strings.HasPrefix(name, ".env.")
}

// line is one line of a text, without its end.
type line struct {
	number int
	text   []byte
}

func lines(text []byte) []line {
	var all []line
	for l := range bytes.SplitSeq(text, []byte("\n")) {
		all = append(all, line{len(all) + 1, l})
	}
	return all
}

const byteOrderMark = "\ufeff"
