package lattice

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

func equal[V comparable](a, b V) bool { return a == b }

func literal[V any](format func(V) string) func(V) yamledit.Value {
	return func(v V) yamledit.Value { return yamledit.Literal(format(v)) }
}

func textual[V any](format func(V) string) func(V) yamledit.Value {
	return func(v V) yamledit.Value { return yamledit.Text(format(v)) }
}

// textForm is a text that a judgement accepts; the schema says as much of it as it
// can.
func textForm(check func(string) error, says schema.Schema) form[string] {
	return form[string]{
		isText, func(text string) (string, error) { return text, check(text) },
		textual(func(text string) string { return text }), equal[string], says,
	}
}

// anyText is a text that must not be empty.
func anyText() schema.Schema { return schema.Schema{Type: "string", MinLength: 1} }

// nameForm is the name of a host or an issuer.
func nameForm() form[string] { return textForm(CheckName, nameSchema()) }

func nameSchema() schema.Schema { return schema.Text("^" + namePattern + "$") }

func targetForm() form[Target] {
	names := schema.Schema{Type: "string"}
	for _, t := range wasmcloud.AllTargets() {
		names.Enum = append(names.Enum, t.String())
	}
	return form[Target]{isText, wasmcloud.ParseTarget, textual(Target.String), equal[Target], names}
}

// manyBadKeys is how many bad keys of a list are diagnosed in full: the search for
// the one slip that explains a key takes its time.
const manyBadKeys = 100

// The names and keys of a manifest, as regular expressions.
const (
	namePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
	keyTail     = "[A-Z2-7]{55}"
	keyPattern  = "C" + keyTail
)

// keyForm is a cluster key.
func keyForm() form[keys.PublicKey] { return keyFormOf(keys.Cluster) }

// keyFormOf reads every key of a kind once, however often it stands in a list.
func keyFormOf(kind keys.Kind) form[keys.PublicKey] {
	known, bad := map[string]keys.PublicKey{}, 0
	parse := func(text string) (keys.PublicKey, error) {
		if key, ok := known[text]; ok {
			return key, nil
		}
		if bad >= manyBadKeys && !keys.WellSpelled(text, kind) {
			return keys.PublicKey{}, fault.New(fault.Failed, "this is no %s public key either", kind).
				WithHint("mend the first %d, then check again: what is wrong with each is said of those", manyBadKeys)
		}
		key, err := keys.ParsePublicKey(text, kind)
		if err != nil {
			bad++
			return key, err
		}
		known[text] = key
		return key, nil
	}
	return form[keys.PublicKey]{isText, parse, textual(keys.PublicKey.String), equal[keys.PublicKey], schema.Text("^" + string(kind.Letter()) + keyTail + "$")}
}

func timeForm() form[time.Time] {
	return form[time.Time]{isTime, readTime, literal(timeText), time.Time.Equal, schema.Schema{Type: "string", Format: "date-time"}}
}

func spanForm() form[time.Duration] {
	return form[time.Duration]{isSpan, ParseSpan, textual(FormatSpan), equal[time.Duration], schema.Text(spanPattern)}
}

func generationForm() form[uint64] {
	show := literal(func(n uint64) string { return strconv.FormatUint(n, 10) })
	return form[uint64]{isWholeNumber, readGeneration, show, equal[uint64], schema.Number(0, math.MaxInt64)}
}

func portForm() form[uint16] {
	show := literal(func(n uint16) string { return strconv.Itoa(int(n)) })
	return form[uint16]{isWholeNumber, readPort, show, equal[uint16], schema.Number(1, math.MaxUint16)}
}

func flagForm() form[bool] {
	parse := func(text string) (bool, error) { return text == "true", nil }
	return form[bool]{isTruth, parse, literal(strconv.FormatBool), equal[bool], schema.Truth()}
}

func switchForm() form[Switch] {
	parse := func(text string) (Switch, error) {
		if text == "true" {
			return On, nil
		}
		return Off, nil
	}
	show := literal(func(s Switch) string { return strconv.FormatBool(s == On) })
	return form[Switch]{isTruth, parse, show, equal[Switch], schema.Truth()}
}

// wordForm is one of a few words.
func wordForm[W ~string](known []W) form[W] {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	parse := func(text string) (W, error) {
		if slices.Contains(known, W(text)) {
			return W(text), nil
		}
		return "", fmt.Errorf("%s is none of %s", shown(text), strings.Join(words, ", "))
	}
	show := literal(func(w W) string { return string(w) })
	return form[W]{isText, parse, show, equal[W], schema.Schema{Type: "string", Enum: words}}
}

// orNone lets the empty text stand for none.
func orNone[V any](as form[V]) form[V] {
	parse := as.parse
	as.parse = func(text string) (V, error) {
		var none V
		if text == "" {
			return none, nil
		}
		return parse(text)
	}
	as.schema.Pattern += "|^$"
	return as
}

func isText(n *yamledit.Node) error {
	switch {
	case n.IsText():
		return nil
	case n.Kind == yamledit.Scalar && !n.IsNothing():
		return fault.New(fault.Failed, "must be a text, but YAML reads it as %s", n.Describe()).WithHint("put it in quotes")
	}
	return fmt.Errorf("must be a text, not %s", n.Describe())
}

// isSpan judges that a node may be a span of time: quotes alone would not make
// one of a number, since it has no unit.
func isSpan(n *yamledit.Node) error {
	if n.Kind == yamledit.Scalar && !n.IsNothing() && !n.IsText() {
		return fault.New(fault.Failed, "must be a span of time, but YAML reads it as %s", n.Describe()).
			WithHint("write a whole number and d, h, m or s, as in 90d or 15m")
	}
	return isText(n)
}

func isWholeNumber(n *yamledit.Node) error {
	digits := strings.Trim(n.Value, "0123456789") == "" && (n.Value == "0" || !strings.HasPrefix(n.Value, "0"))
	if n.Plain && n.Value != "" && digits {
		return nil
	}
	return fmt.Errorf("must be a whole number in plain digits, not %s", n.Describe())
}

// isTruth judges that a node is true or false, as YAML 1.2 spells them.
func isTruth(n *yamledit.Node) error {
	if n.Plain && (n.Value == "true" || n.Value == "false") {
		return nil
	}
	return fmt.Errorf("must be true or false, not %s", n.Describe())
}

func isTime(n *yamledit.Node) error {
	if n.Kind == yamledit.Scalar && n.Tag == "!!timestamp" {
		return nil
	}
	return isText(n)
}

func readTime(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fault.New(fault.Failed, "%s is no RFC 3339 time", shown(text)).WithHint("write it like 2026-11-21T20:55:00Z")
	}
	return at.UTC(), nil
}

func timeText(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func readGeneration(digits string) (uint64, error) {
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return 0, errors.New("the number is too large")
	}
	return n, nil
}

func readPort(digits string) (uint16, error) {
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || port == 0 {
		return 0, errors.New("a port is a number from 1 to 65535")
	}
	return uint16(port), nil
}

const spanPattern = "^([1-9][0-9]{0,5})([dhms])$"

// ParseSpan reads a span of time as manifests spell it: a whole number and a
// unit, d (24 hours), h, m or s, as in 90d or 15m.
func ParseSpan(text string) (time.Duration, error) {
	parts := regexp.MustCompile(spanPattern).FindStringSubmatch(text)
	if parts == nil {
		return 0, fault.New(fault.Failed, "%s is no span of time", shown(text)).WithHint("write a whole number and d, h, m or s, as in 90d or 15m")
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	unit := units()[parts[2][0]]
	if err == nil && n > int64(math.MaxInt64/unit) {
		return 0, fault.New(fault.Failed, "%s is too long a span of time", text).WithHint("the longest is 106751d, 292 years")
	}
	return time.Duration(n) * unit, err
}

// FormatSpan spells a span of time in the largest unit that divides it; parts
// of a second are dropped.
func FormatSpan(span time.Duration) string {
	for _, unit := range []byte("dhm") {
		if size := units()[unit]; span >= size && span%size == 0 {
			return strconv.FormatInt(int64(span/size), 10) + string(unit)
		}
	}
	return strconv.FormatInt(int64(span/time.Second), 10) + "s"
}

func units() map[byte]time.Duration {
	return map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
}
