package reading

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Reading is a program's way to read an env file.
type Reading interface {
	// Name is what the reading is chosen by.
	Name() string
	// About names the programs that read so.
	About() string
	// Read adds the text's entries, and findings, to the host.
	Read(h *hostenv.Host, text []byte)
}

// Readings lists those there are. The first, the default, stands for all of
// them: it wants them to agree.
func Readings() []Reading {
	return append([]Reading{everyone{}}, programs()...)
}

func programs() []Reading {
	return []Reading{shell{}, systemd{}, compose{}, docker{}, otp{}}
}

// Parse finds a reading by its name. The error lists the known ones.
func Parse(name string) (Reading, error) {
	var known []string
	for _, r := range Readings() {
		if r.Name() == name {
			return r, nil
		}
		known = append(known, r.Name())
	}
	return nil, fault.New(fault.Usage, "unknown reading %q: must be one of %s%s", name, strings.Join(known, ", "), similar.Question(name, known))
}

// Guess is the reading of a file nobody chose one for: OTP hosts read .env in
// their folder, the extensions are those latch writes, only a shell can do with
// export, and any other file might go to any program. Not sure: the text alone
// speaks for the program.
func Guess(path string, text []byte, target wasmcloud.Target) (by Reading, sure bool) {
	exports := regexp.MustCompile(`(?m)^[ \t]*export[ \t]`)
	base := filepath.Base(path)
	dotenv := base == ".env" || strings.HasPrefix(base, ".env.")
	switch extension := filepath.Ext(base); {
	case dotenv && target.IsOTP():
		return otp{}, true
	case dotenv && target.IsZero():
		return otp{}, false
	case extension == ".sh":
		return shell{}, true
	case extension == ".systemd":
		return systemd{}, true
	case extension == ".docker":
		return docker{}, true
	case exports.Match(text):
		return shell{}, false
	}
	return everyone{}, true
}

// Doubts are the variables on which the possible readers of a file do not agree.
func Doubts(h hostenv.Host, text []byte) []hostenv.Doubt {
	other := hostenv.Host{Path: h.Path}
	defer other.Wipe()
	everyone{}.Read(&other, text)
	return other.Doubts
}

// Compose is the reading of the env files that a compose file names: with what is
// set beside the file, and what earlier files set, where one refers to it. Nil is
// for nothing.
func Compose(beside, earlier interpolate.Lookup) Reading { return compose{beside, earlier} }

// Raw is the reading of those that are to be taken as they stand.
func Raw() Reading { return docker{} }

// Systemd is the reading of what a unit names by EnvironmentFile=.
func Systemd() Reading { return systemd{} }

// OTP is the reading of .env by OTP hosts.
func OTP() Reading { return otp{} }

// ByExtension is the reading of a file that is written for one program only, by
// its extension; nil where the extension does not say.
func ByExtension(path string) Reading {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".fish":
		return fish{}
	case ".ps1":
		return powershell{}
	case ".github":
		return github{}
	}
	return nil
}
