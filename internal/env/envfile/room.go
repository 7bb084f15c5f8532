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

// Readings lists those there are, the default first.
func Readings() []Reading { return reading.Readings() }

// ParseReading finds a reading by its name.
func ParseReading(name string) (Reading, error) { return reading.Parse(name) }
