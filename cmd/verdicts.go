package cmd

import (
	"encoding/json"
	"fmt"
)

// verdicts writes judgements to stdout as they come. One alone is one JSON
// object; several are a list in one, written as a stream.
type verdicts struct {
	a              *app
	file           string
	out            *out
	json           bool
	held           *verdict // the first, until it is known whether it is alone
	valid, invalid int
}

func newVerdicts(a *app, form, file string) *verdicts {
	return &verdicts{a: a, file: file, out: newOut(a.sys.Stdout), json: form == outputJSON}
}

func (o *verdicts) count() int   { return o.valid + o.invalid }
func (o *verdicts) failed() bool { return o.out.error() != nil }

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
			v.print(o.out, o.file, o.a.outPalette())
		}
		return
	}
	if follows {
		fmt.Fprint(o.out, ",\n")
	}
	text, err := json.Marshal(v)
	if err != nil {
		o.out.fail(err)
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
		encodeJSON(o.out, o.held)
	case o.held != nil:
		o.held.print(o.out, o.file, o.a.outPalette())
	}
	if err := o.out.close(); err != nil {
		return err
	}
	if o.invalid > 0 {
		return no()
	}
	return nil
}

func (o *verdicts) summary() {
	if o.json {
		fmt.Fprintf(o.out, "\n],\"valid\":%d,\"invalid\":%d}\n", o.valid, o.invalid)
		return
	}
	fmt.Fprintf(o.out, "%d key%s: %d valid, %d invalid\n", o.count(), plural(o.count()), o.valid, o.invalid)
}
