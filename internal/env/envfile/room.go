package envfile

import (
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
)

// Host is what one file tells one host.
type Host = hostenv.Host

// Entry is one variable as a file sets it.
type Entry = hostenv.Entry

// Reading is a program's way to read an env file.
type Reading = reading.Reading

// guessReading is the name that leaves it to each file who reads it.
const guessReading = "auto"

// Readings lists those there are, the default first.
func Readings() []Reading { return reading.Readings() }

// ReadingNames are what ParseReading takes, "auto" first.
func ReadingNames() []string {
	names := []string{guessReading}
	for _, r := range Readings() {
		names = append(names, r.Name())
	}
	return names
}

// ParseReading finds a reading by its name; "auto" is none. The error is of
// the kind fault.Usage.
func ParseReading(name string) (Reading, error) {
	if name == guessReading {
		return nil, nil //nolint:nilnil // no reading is a reading of its own
	}
	return reading.Parse(name)
}
