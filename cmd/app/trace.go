package app

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/settings"
)

// Trace tells what is read, opened or asked, for who asked for it with --verbose or
// LATCH_DEBUG. It tells no secret.
func (a *App) Trace(format string, args ...any) {
	if s := a.loaded.Load(); s != nil && s.Verbose && !a.silent {
		a.tell("debug:", fmt.Sprintf(format, args...))
	}
}

// TraceRead tells of a file that is read.
func (a *App) TraceRead(path string) { a.Trace("reading %s", path) }

// traceSettings tells where the settings were looked for, and which were found.
func (a *App) traceSettings(s *settings.Settings) {
	a.Trace("settings file %s", s.File())
	for _, key := range settings.Keys() {
		if origin := s.Origin(key); origin != "default" {
			a.Trace("%s is %s, from %s", key, s.Value(key), strings.TrimSuffix(origin, " "))
		}
	}
}
