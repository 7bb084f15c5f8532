package lattice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/yamledit"
)

// Standing is what one host signs with and whom it accepts. Without Signs it is
// that of a host that signs with no key known here.
type Standing struct {
	Host    string
	Signs   keys.PublicKey
	Accepts keys.Issuers

	// Deployed: this is how the host was told before, and it may still run so
	// while others run as they are told now. It never does both.
	Deployed bool
}

// Same reports whether two standings are of the same host and say the same.
func (s Standing) Same(o Standing) bool {
	return s.Host == o.Host && s.Signs == o.Signs && sameList(s.Accepts, o.Accepts)
}

// sameList reports whether two lists hold the same keys in the same order. As a
// rule hosts share one list in memory, which need not be read then.
func sameList(a, b keys.Issuers) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}

// Standings are the hosts as the manifest has them, in its order.
func (m Manifest) Standings() []Standing {
	signs, accepted := m.publicKeys(), m.Accepted()
	all := make([]Standing, len(m.Hosts))
	for i, h := range m.Hosts {
		all[i] = Standing{Host: h.Name, Signs: signs[h.SignsWith], Accepts: accepted}
	}
	return all
}

// Told sums up, in 16 letters and digits, what the manifest has a host told: the same in
// two manifests if the host need not be started anew. It follows from nothing secret, so
// that it cannot see that a credential of the same name is another one. Empty for a host
// that the manifest does not have.
func (m Manifest) Told() func(host string) string {
	signs, accepted, hosts := m.publicKeys(), m.Accepted().String(), make(map[string]Host, len(m.Hosts))
	for _, h := range m.Hosts {
		hosts[h.Name] = h
	}
	shared := sha256.Sum256([]byte(accepted))
	return func(host string) string {
		h, ok := hosts[host]
		if !ok {
			return ""
		}
		n := m.NATSOf(h)
		sum := sha256.New()
		fmt.Fprintf(sum, "%q %q %q %x %q %q", m.Lattice, m.TargetOf(h), signs[h.SignsWith], shared, n.JetStreamDomain, h.Env)
		for _, c := range n.connections {
			fmt.Fprintf(sum, " %q %d %d %q %q %q", c.Host, c.Port, c.TLS, c.JWT, c.Seed, c.Creds)
		}
		return hex.EncodeToString(sum.Sum(nil)[:8])
	}
}

// Evidence says how something is known of a host.
type Evidence string

// The kinds of evidence, the weakest first.
const (
	Attested Evidence = "attested" // an operator says so
	Read     Evidence = "read"     // from the env file that lies on the host
	Observed Evidence = "observed" // from the running host
)

// Evidences lists the kinds of evidence, the weakest first.
func Evidences() []Evidence { return []Evidence{Attested, Read, Observed} }

// Observation is what is known of a host: what it signs with and accepts, how
// that is known, and since when. Files, words and running hosts all give it.
type Observation struct {
	Standing
	Generation uint64 // that the host was told; 0 where it does not show
	Evidence   Evidence
	At         time.Time

	// Source is where it was seen: the path of an env file, or what a running host
	// is called. It is for people, and not kept in the manifest.
	Source string
	// Doubt says why the source does not settle what the host runs with, such as a
	// file that its possible readers do not read alike. An observation in doubt
	// proves nothing, and is not kept in the manifest either.
	Doubt string
}

// Certain reports whether the observation settles what the host runs with.
func (o Observation) Certain() bool { return o.Doubt == "" }

// observedField describes what is known of hosts, one item of each.
func observedField() field[Rotation] {
	const name = "observed"
	return field[Rotation]{
		name: name,
		read: func(f *fields, r *Rotation) { r.Observed = readObserved(f, name) },
		write: func(r *Rotation) yamledit.Value {
			if len(r.Observed) == 0 {
				return nil
			}
			return observedItems(writeAccepted()).write(r.Observed)
		},
		same: func(a, b *Rotation) bool {
			return slices.EqualFunc(a.Observed, b.Observed, observedItems(acceptedField{}).record.same)
		},
		schema: func() schema.Schema { return schema.List(observedItems(acceptedField{}).record.schema()) },
	}
}

func readObserved(f *fields, name string) []Observation {
	above := map[string]keys.Issuers{}
	observed := observedItems(acceptedField{above: above})
	paths := map[string]string{}
	observed.record.check = func(f *fields, o Observation) {
		first, twice := paths[o.Host]
		if twice && o.Host != "" {
			f.fail("host", RuleDuplicate, fmt.Errorf("%s speaks of %s too", first, o.Host))
		}
		if !twice {
			paths[o.Host], above[o.Host] = f.path, o.Accepts
		}
	}
	return observed.read(f, name)
}

func observedItems(accepted acceptedField) items[Observation] {
	signs := orNone(keyForm())
	signs.show = textual(keys.PublicKey.String)
	return items[Observation]{record: record[Observation]{fields: []field[Observation]{
		required(scalar("host", RuleName, func(o *Observation) *string { return &o.Host }, nameForm())).says("the host"),
		always("signs", RuleKey, func(o *Observation) *keys.PublicKey { return &o.Signs }, signs).says("the public key that it signs with; empty if that is not known"),
		accepted.describe().says("the public keys that it accepts, separated by commas; or `as HOST`: the same as a host further up"),
		always("generation", RuleField, func(o *Observation) *uint64 { return &o.Generation }, generationForm()).says("the generation that it was given; 0 if that is not known"),
		required(scalar("evidence", RuleRotation, func(o *Observation) *Evidence { return &o.Evidence }, wordForm(Evidences()))).says("how this is known"),
		always("at", RuleField, func(o *Observation) *time.Time { return &o.At }, timeForm()).says("when it was seen or said"),
	}}, id: func(o Observation) string { return o.Host }}
}

// asHost opens what stands for the list of a host further up: lists are long
// where every host has a key of its own, and few.
const asHost = "as "

// acceptedField describes whom a host accepts, which is said once: others that
// accept the same refer to it.
type acceptedField struct {
	above map[string]keys.Issuers       // by host, for reading
	first func(Observation) (as string) // the host above that accepts the same, for writing
}

// writeAccepted keeps in mind which lists it has written.
func writeAccepted() acceptedField {
	var written []Observation
	return acceptedField{first: func(o Observation) string {
		if i := slices.IndexFunc(written, func(w Observation) bool { return sameList(w.Accepts, o.Accepts) }); i >= 0 {
			return written[i].Host
		}
		written = append(written, o)
		return ""
	}}
}

func (a acceptedField) describe() field[Observation] {
	as := form[struct{}]{accepts: isText}
	return required(field[Observation]{
		name: "accepts",
		read: func(f *fields, o *Observation) {
			as.parse = func(text string) (none struct{}, err error) {
				o.Accepts, err = a.parse(text)
				return none, err
			}
			read(f, "accepts", RuleKey, as)
		},
		write: func(o *Observation) yamledit.Value {
			if len(o.Accepts) == 0 {
				return yamledit.Exact(`""`)
			}
			if host := a.first(*o); host != "" {
				return yamledit.Exact(asHost + host)
			}
			text := o.Accepts.String()
			if len(o.Accepts) > 1 { // a comma would end it in flow style
				text = strconv.Quote(text)
			}
			return yamledit.Exact(text)
		},
		same: func(x, y *Observation) bool { return sameList(x.Accepts, y.Accepts) },
		schema: func() schema.Schema {
			return schema.Text("^(" + keyPattern + "(," + keyPattern + ")*|" + asHost + namePattern + ")?$")
		},
	})
}

func (a acceptedField) parse(text string) (keys.Issuers, error) {
	host, isReference := strings.CutPrefix(text, asHost)
	switch {
	case text == "":
		return nil, nil
	case !isReference:
		return keys.ParseIssuers(text)
	}
	accepts, known := a.above[host]
	if !known {
		return nil, fmt.Errorf("no host %s is observed further up", shown(host))
	}
	return accepts, nil
}
