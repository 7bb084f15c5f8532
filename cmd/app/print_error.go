package app

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/settings"
)

// errorDocument is what a failing command prints on stderr with -o json.
type errorDocument struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
		Detail  any    `json:"detail,omitempty"` // what an error has to say beyond its message
	} `json:"error"`
}

// printError says what failed and, on its own line, what to type next.
func (a *App) printError(err error) {
	hint := keys.Mask(fault.HintOf(err))
	message := keys.Mask(err.Error())
	if a.wantsJSON() {
		var doc errorDocument
		doc.Error.Code, doc.Error.Message, doc.Error.Hint = kindOf(err).String(), message, hint
		doc.Error.Detail = fault.DetailOf(err)
		EncodeJSON(a.Sys.Stderr, doc)
		return
	}
	p := a.palette()
	fmt.Fprintln(a.Sys.Stderr, p.Red("error:"), message)
	if hint != "" {
		fmt.Fprintln(a.Sys.Stderr, p.Cyan("hint:"), hint)
	}
}

// wantsJSON also works where the settings cannot be read or the command line
// did not parse to its end.
func (a *App) wantsJSON() bool {
	if a.loaded != nil {
		return a.loaded.Output == settings.JSON
	}
	value, _ := a.Sys.Getenv("LATCH_OUTPUT")
	arguments := a.Sys.Arguments()
	for i, arg := range arguments {
		switch {
		case arg == "--":
			return value == settings.JSON
		case (arg == "-o" || arg == "--output") && i+1 < len(arguments):
			value = arguments[i+1]
		case strings.HasPrefix(arg, "--output="):
			value = strings.TrimPrefix(arg, "--output=")
		case strings.HasPrefix(arg, "-o"):
			value = strings.TrimPrefix(strings.TrimPrefix(arg, "-o"), "=")
		}
	}
	return value == settings.JSON
}
