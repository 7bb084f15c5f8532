package wasmbus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Reply is what one host says of itself when it is asked who is there.
type Reply struct {
	Key     keys.PublicKey // the host's own, which is new at each start unless it is given a seed
	Lattice string         // empty where it does not say
	Version string         // likewise
	Labels  map[string]string
	Name    string // which it made up, such as long-glitter-9453
	Uptime  time.Duration

	// Servers are where the host reaches NATS, as it says it, by what for; Domain is
	// its JetStream domain.
	Servers map[wasmcloud.Purpose]string
	Domain  string

	Signs   keys.PublicKey // zero where it does not say, or what it says is no cluster key
	Accepts keys.Issuers
	// Odd are texts that stand where a cluster key belongs and are none. A host
	// compares texts, so that it accepts nothing by them.
	Odd []string
	// Tells: it says both what it signs with and what it accepts. Hosts before OTP
	// 0.57.2 do not.
	Tells bool
	// Ignores: its version knows no cluster keys.
	Ignores bool
}

// Generation is that of the manifest from which the host's env file was written, 0
// where no label says so.
func (r Reply) Generation() uint64 {
	n, err := strconv.ParseUint(r.Labels[wasmcloud.GenerationLabel], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// parser reads replies. Hosts of a lattice as a rule accept the same list, which is
// read once.
type parser struct {
	keys  map[string]keys.PublicKey
	lists map[string]acceptedList
}

type acceptedList struct {
	keys keys.Issuers
	odd  []string
}

func newParser() *parser {
	return &parser{keys: map[string]keys.PublicKey{}, lists: map[string]acceptedList{}}
}

// parse reads a reply of any version of the hosts. The error says what is wrong
// with it, and repeats nothing of it.
func (p *parser) parse(data []byte) (Reply, error) {
	if err := checkBounds(data, mostBytes, mostMembers); err != nil {
		return Reply{}, err
	}
	outer, err := readObject(data)
	if err != nil {
		return Reply{}, err
	}
	inner, wrapped, err := unwrap(outer)
	if err != nil {
		return Reply{}, err
	}
	return p.read(inner, wrapped)
}

// unwrap takes the reply out of what hosts from 1.0 on put round it.
func unwrap(outer object) (inner object, wrapped bool, err error) {
	if !outer.has("success") {
		return outer, false, nil
	}
	var ok bool
	if err := outer.decode("success", &ok); err != nil {
		return nil, true, err
	}
	if !ok {
		return nil, true, malformed("the host says that it failed")
	}
	if !outer.has("response") {
		return nil, true, malformed("there is no response in it")
	}
	inner, err = readObject(outer["response"])
	return inner, true, err
}

func (p *parser) read(o object, wrapped bool) (Reply, error) {
	var r Reply
	var id string
	var uptime float64
	var servers [3]string // by purpose
	for _, field := range []struct {
		name string
		into any
	}{
		{"id", &id},
		{"labels", &r.Labels},
		{"friendly_name", &r.Name},
		{"version", &r.Version},
		{"uptime_seconds", &uptime},
		{"lattice_prefix", &r.Lattice},
		{"lattice", &r.Lattice},
		{"js_domain", &r.Domain},
		{"rpc_host", &servers[wasmcloud.RPC]},
		{"ctl_host", &servers[wasmcloud.Control]},
		{"prov_rpc_host", &servers[wasmcloud.ProviderRPC]},
	} {
		if err := o.decode(field.name, field.into); err != nil {
			return r, err
		}
	}
	var err error
	if r.Key, err = keys.ParsePublicKey(id, keys.Server); err != nil {
		return r, malformed("its id is no host key")
	}
	if uptime < 0 || uptime > longestUptime.Seconds() {
		return r, malformed("its uptime is no time")
	}
	r.Uptime = time.Duration(uptime) * time.Second
	for _, text := range append([]string{r.Lattice, r.Version, r.Name, r.Domain}, servers[:]...) {
		if len(text) > longestText {
			return r, malformed("a name in it is longer than any host's")
		}
		if printable.Line(text) != text { // it would be shown, and pass for more than a name
			return r, malformed("a name in it is no plain text")
		}
	}
	r.Labels = fewLabels(r.Labels)
	r.Servers = map[wasmcloud.Purpose]string{}
	for _, p := range wasmcloud.Purposes() {
		if servers[p] != "" {
			r.Servers[p] = servers[p]
		}
	}
	if err := p.readKeys(&r, o); err != nil {
		return r, err
	}
	r.Ignores = wrapped && !o.says("cluster_issuers")
	return r, nil
}

// fewLabels are the labels that fit: a host may have been given any.
func fewLabels(all map[string]string) map[string]string {
	kept := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		own := name == wasmcloud.HostLabel || name == wasmcloud.GenerationLabel || name == wasmcloud.ToldLabel
		if len(name)+len(all[name]) <= longestText && (own || len(kept) < mostLabels) {
			kept[name] = all[name]
		}
	}
	return kept
}

// longestUptime is more than any host has run.
const longestUptime = 100 * 365 * 24 * time.Hour

// readKeys reads what the host signs with and accepts. Its own key is in the list
// that it gives: hosts add it when they start.
func (p *parser) readKeys(r *Reply, o object) error {
	var signs, accepts string
	if err := o.decode("issuer", &signs); err != nil {
		return err
	}
	if err := o.decode("cluster_issuers", &accepts); err != nil {
		return err
	}
	r.Tells = o.says("issuer") && o.says("cluster_issuers")
	if signs != "" {
		if r.Signs = p.clusterKey(signs); r.Signs.IsZero() {
			r.Odd = append(r.Odd, shownOdd(signs))
		}
	}
	if !o.says("cluster_issuers") {
		return nil
	}
	list, err := p.list(accepts)
	if err != nil {
		return err
	}
	r.Accepts = list.keys
	r.Odd = append(r.Odd, list.odd...)
	return nil
}

// list splits what a host accepts as the host does: at commas, nothing trimmed.
func (p *parser) list(text string) (acceptedList, error) {
	if known, ok := p.lists[text]; ok {
		return known, nil
	}
	if strings.Count(text, ",") >= mostIssuers {
		return acceptedList{}, malformed("it accepts more than %d issuers", mostIssuers)
	}
	var list acceptedList
	seen := map[keys.PublicKey]bool{}
	for entry := range strings.SplitSeq(text, ",") {
		switch key := p.clusterKey(entry); {
		case entry == "" && text == "": // an empty list
		case key.IsZero() && len(list.odd) < mostOdd:
			list.odd = append(list.odd, shownOdd(entry))
		case !key.IsZero() && !seen[key]:
			seen[key] = true
			list.keys = append(list.keys, key)
		}
	}
	if len(p.lists) < mostLists {
		p.lists[text] = list
	}
	return list, nil
}

// clusterKey is the cluster key that a text is, or the zero key.
func (p *parser) clusterKey(text string) keys.PublicKey {
	if key, known := p.keys[text]; known {
		return key
	}
	key, err := keys.ParsePublicKey(text, keys.Cluster)
	if err == nil && len(p.keys) < mostKeys {
		p.keys[strings.Clone(text)] = key // not with the whole list that it stands in
	}
	return key
}

// shownOdd is a text that is no key, fit to be shown: short, and never what may be
// a seed.
func shownOdd(text string) string {
	if keys.MayHoldSeed(text) {
		return "(hidden: it may be a seed)"
	}
	if len(text) > longestOdd {
		text = strings.ToValidUTF8(text[:longestOdd], "") + "…"
	}
	return strconv.Quote(text)
}

// malformed says what is wrong with a reply.
func malformed(format string, args ...any) error { return fmt.Errorf(format, args...) }

// object is a JSON object, by the exact names of its members: the library would
// take another case for the same name, and of two of one name the last.
type object map[string]json.RawMessage

func readObject(data []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	open, err := d.Token()
	switch {
	case err != nil:
		return nil, notJSON()
	case open != json.Delim('{'):
		return nil, malformed("it is no JSON object")
	}
	o := object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, notJSON()
		}
		text, _ := name.(string)
		if o.has(text) {
			return nil, malformed("it says one thing twice")
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return nil, notJSON()
		}
		o[text] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed("something stands behind the JSON document")
	}
	return o, nil
}

func notJSON() error { return malformed("it is no JSON document") }

func (o object) has(name string) bool { _, there := o[name]; return there }

// says reports whether a member is there and is not null.
func (o object) says(name string) bool { return o.has(name) && string(o[name]) != "null" }

// decode reads a member if it is there; null is as if it were not.
func (o object) decode(name string, into any) error {
	if !o.says(name) {
		return nil
	}
	if err := json.Unmarshal(o[name], into); err != nil {
		return malformed("its %s is of another type", name)
	}
	return nil
}
