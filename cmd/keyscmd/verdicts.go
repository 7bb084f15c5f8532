package keyscmd

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/settings"
)

// verdicts writes judgements to stdout as they come. In JSON they are a list in one
// document, be it of one, written as a stream.
type verdicts struct {
	a              verbs
	file           string
	out            *app.Out
	json           bool
	held           *verdict // the first in text, until it is known whether it is alone
	valid, invalid int
}

func newVerdicts(a verbs, file string) *verdicts {
	return &verdicts{a: a, file: file, out: app.NewOut(a.Sys.Stdout), json: a.Form() == settings.JSON}
}

func (o *verdicts) count() int   { return o.valid + o.invalid }
func (o *verdicts) failed() bool { return o.out.Error() != nil }

func (o *verdicts) add(v verdict) {
	if v.Valid {
		o.valid++
	} else {
		o.invalid++
	}
	if !o.json {
		o.print(v)
		return
	}
	o.encode(v)
}

// print writes one alone, and of many lines only the bad ones; of arguments all.
func (o *verdicts) print(v verdict) {
	if o.count() == 1 {
		o.held = &v
		return
	}
	o.release(false)
	o.one(v)
}

func (o *verdicts) release(alone bool) {
	first := o.held
	if o.held = nil; first == nil {
		return
	}
	if alone {
		o.write(*first)
	} else {
		o.one(*first)
	}
}

func (o *verdicts) one(v verdict) {
	if !v.Valid || v.Line == 0 {
		o.write(v)
	}
}

func (o *verdicts) write(v verdict) {
	o.a.Prose(o.out, app.Hang, func(w io.Writer) { v.print(w, o.file, o.a.OutPalette()) })
}

func (o *verdicts) encode(v verdict) {
	separator := ",\n"
	if o.count() == 1 {
		separator = `{"keys":[` + "\n"
	}
	fmt.Fprint(o.out, separator)
	text, err := json.Marshal(v)
	if err != nil {
		o.out.Fail(err)
		return
	}
	_, _ = o.out.Write(text) // out keeps the error
}

// end closes the list and gives the answer as an exit code.
func (o *verdicts) end(many bool) error {
	o.release(!many)
	switch {
	case o.json:
		fmt.Fprintf(o.out, "\n],\"valid\":%d,\"invalid\":%d}\n", o.valid, o.invalid)
	case many:
		fmt.Fprintf(o.out, "%d key%s: %d valid, %d invalid\n", o.count(), app.Plural(o.count()), o.valid, o.invalid)
	}
	if err := o.out.Close(); err != nil {
		return err
	}
	if o.invalid > 0 {
		return app.No()
	}
	return nil
}
