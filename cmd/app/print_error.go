package app

import (
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
	if a.failureForm() == settings.JSON {
		var doc errorDocument
		doc.Error.Code, doc.Error.Message, doc.Error.Hint = fault.KindOf(err).String(), message, hint
		doc.Error.Detail = fault.DetailOf(err)
		EncodeJSON(a.Sys.Stderr, doc)
		return
	}
	p := a.palette()
	a.tell(p.Red("error:"), message)
	if hint != "" {
		a.tell(p.Cyan("hint:"), hint)
	}
}
