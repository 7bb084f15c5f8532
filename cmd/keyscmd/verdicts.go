package keyscmd

import (
	"encoding/json"
	"fmt"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/settings"
)

// verdicts writes judgements to stdout as they come. One alone is one JSON
// object; several are a list in one, written as a stream.
type verdicts struct {
	a              verbs
	file           string
	out            *app.Out
	json           bool
	held           *verdict // the first, until it is known whether it is alone
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
	if o.count() == 1 {
		o.held = &v
		return
	}
	o.release()
	o.write(v, o.count() > 1)
}

// release writes the first once a second has come.
func (o *verdicts) release() {
	if o.held != nil {
		first := *o.held
		o.held = nil
		if o.json {
			fmt.Fprint(o.out, `{"keys":[`, "\n")
		}
		o.write(first, false)
	}
}

func (o *verdicts) write(v verdict, follows bool) {
	if !o.json {
		// Of many lines only the bad ones are of interest; of arguments all are.
		if !v.Valid || v.Line == 0 {
			v.print(o.out, o.file, o.a.OutPalette())
		}
		return
	}
	if follows {
		fmt.Fprint(o.out, ",\n")
	}
	text, err := json.Marshal(v)
	if err != nil {
		o.out.Fail(err)
		return
	}
	_, _ = o.out.Write(text) // out keeps the error
}

// end closes the list, if there is one, and gives the answer as an exit code.
func (o *verdicts) end(many bool) error {
	switch {
	case many:
		o.release()
		o.summary()
	case o.held != nil && o.json:
		app.EncodeJSON(o.out, o.held)
	case o.held != nil:
		o.held.print(o.out, o.file, o.a.OutPalette())
	}
	if err := o.out.Close(); err != nil {
		return err
	}
	if o.invalid > 0 {
		return app.No()
	}
	return nil
}

func (o *verdicts) summary() {
	if o.json {
		fmt.Fprintf(o.out, "\n],\"valid\":%d,\"invalid\":%d}\n", o.valid, o.invalid)
		return
	}
	fmt.Fprintf(o.out, "%d key%s: %d valid, %d invalid\n", o.count(), app.Plural(o.count()), o.valid, o.invalid)
}
