package lattice

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// formatVersion is the version of the manifest's format that this package reads and
// writes.
const formatVersion = 1

// Manifest is what a manifest file says. It holds no secret.
type Manifest struct {
	Include    string   // the path of the file with what it shares with others; "" for none
	Lattice    string   // the lattice prefix: one NATS token
	Target     Target   // what hosts without a target of their own run
	Keystore   string   // the URI of the keystore that holds the seeds
	Issuers    []Issuer // in the order hosts list them
	Hosts      []Host
	NATS       NATS // how hosts reach NATS that do not say so themselves
	NATSUsers  NATSUsers
	Generation uint64 // grows with every change of any host's environment

	MaxAge   time.Duration // how old a key may get; 0 where the manifest does not say
	MinSoak  time.Duration // how long every host signs with a new key before the old one is retired
	Rotation *Rotation     // nil while the lattice is steady
	Denied   []Denial      // compromised keys, which are never issuers again
}

// Target is the generation of hosts that the manifest is for.
type Target = wasmcloud.Target

// Issuer is a cluster key whose invocations the hosts accept.
type Issuer struct {
	Name      string // also the name of the seed in the keystore
	PublicKey keys.PublicKey
	Created   time.Time // UTC, whole seconds; zero where the manifest does not say
}

// Host is one host of the lattice.
type Host struct {
	Name      string
	SignsWith string // the name of an issuer
	Target    Target // the zero Target where the manifest's applies
	NATS      NATS   // what of the manifest's settings is different for this host
	Env       []Variable
}

// GivesHostsTheSame tells whether two manifests differ only in what no host gets: how
// far a rotation has come, how old keys may get, and which users were issued and how.
func (m Manifest) GivesHostsTheSame(other Manifest) bool {
	for _, one := range []*Manifest{&m, &other} {
		one.Include, one.Rotation, one.MaxAge, one.MinSoak, one.Denied, one.NATSUsers = "", nil, 0, 0, nil, NATSUsers{}
	}
	return reflect.DeepEqual(m, other)
}

// Lost names what an earlier manifest keeps in mind and this one has forgotten, though
// it still matters by now: a compromised key, or a user that was issued or revoked.
// "" for nothing.
func (m Manifest) Lost(before Manifest, now time.Time) string {
	for _, d := range before.Denied {
		if _, denied := m.DenialOf(d.PublicKey); !denied {
			return "the denied key " + d.PublicKey.String()
		}
	}
	return m.NATSUsers.lost(before.NATSUsers.Current(now))
}

// Host finds a host by its exact name.
func (m Manifest) Host(name string) (Host, bool) {
	i := slices.IndexFunc(m.Hosts, func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, false
	}
	return m.Hosts[i], true
}

// Issuer finds an issuer by its exact name.
func (m Manifest) Issuer(name string) (Issuer, bool) {
	i := slices.IndexFunc(m.Issuers, func(is Issuer) bool { return is.Name == name })
	if i < 0 {
		return Issuer{}, false
	}
	return m.Issuers[i], true
}

// TargetOf is what the host runs: its own target, or else the manifest's.
func (m Manifest) TargetOf(h Host) Target {
	if h.Target.IsZero() {
		return m.Target
	}
	return h.Target
}

// TargetByName gives what hosts run, by their names, and the manifest's target
// for a host it does not have.
func (m Manifest) TargetByName() func(host string) Target {
	targets := make(map[string]Target, len(m.Hosts))
	for _, h := range m.Hosts {
		targets[h.Name] = m.TargetOf(h)
	}
	return func(host string) Target {
		if target, known := targets[host]; known {
			return target
		}
		return m.Target
	}
}

// Accepted are the public keys every host accepts, in the manifest's order.
func (m Manifest) Accepted() keys.Issuers {
	accepted := make(keys.Issuers, 0, len(m.Issuers))
	seen := make(map[keys.PublicKey]bool, len(m.Issuers))
	for _, is := range m.Issuers {
		if !seen[is.PublicKey] {
			seen[is.PublicKey] = true
			accepted = append(accepted, is.PublicKey)
		}
	}
	return accepted
}

// Equal reports whether two manifests say the same.
func (m Manifest) Equal(o Manifest) bool { return manifestRecord().same(m, o) }

// Clone shares no memory with m that anybody writes to.
func (m Manifest) Clone() Manifest {
	m.Issuers, m.Hosts, m.Denied = slices.Clone(m.Issuers), slices.Clone(m.Hosts), slices.Clone(m.Denied)
	for i, h := range m.Hosts {
		m.Hosts[i].Env = slices.Clone(h.Env)
	}
	m.Rotation, m.NATSUsers = m.Rotation.clone(), m.NATSUsers.clone()
	return m
}

// manifestRecord describes the manifest; new documents have its fields in this
// order.
func manifestRecord() record[Manifest] {
	return record[Manifest]{fields: []field[Manifest]{
		versionField().says("the version of this format"),
		includeField(),
		required(scalar("lattice", RulePrefix, func(m *Manifest) *string { return &m.Lattice }, textForm(CheckPrefix, prefixSchema()))).says("the lattice prefix, which begins the lattice's NATS subjects"),
		scalar("target", RuleTarget, func(m *Manifest) *Target { return &m.Target }, targetForm()).says("the generation of the hosts: it decides which variables they are given"),
		scalar("keystore", RuleField, func(m *Manifest) *string { return &m.Keystore }, textForm(checkKeystore, anyText())).says("where the seeds are stored, such as keyring: or age:keys; relative to the manifest; ~/ is your home folder"),
		nested("nats", func(m *Manifest) *NATS { return &m.NATS }, natsRecord()).says("how the hosts reach NATS"),
		natsUsersField().says("how the hosts' NATS users are issued, and which were"),
		even(list("issuers", func(m *Manifest) *[]Issuer { return &m.Issuers }, func(*Manifest) items[Issuer] { return issuerItems() })).says("the cluster keys that every host accepts"),
		even(list("hosts", func(m *Manifest) *[]Host { return &m.Hosts }, func(m *Manifest) items[Host] { return hostItems(m.Issuers) })).says("the hosts of the lattice"),
		generationField().says("grows by one with every change that concerns a host"),
		scalar("max_age", RuleField, func(m *Manifest) *time.Duration { return &m.MaxAge }, spanForm()).says("how old a key may get, such as 90d"),
		scalar("min_soak", RuleField, func(m *Manifest) *time.Duration { return &m.MinSoak }, spanForm()).says("how long every host signs with a new key before the old one is retired, such as 15m"),
		rotationField().says("the rotation under way; latch writes it"),
		list("denied", func(m *Manifest) *[]Denial { return &m.Denied }, func(*Manifest) items[Denial] { return denialItems() }).says("compromised keys, which latch never makes issuers again"),
	}, check: checkDenials}
}

// schemaID is the address of the manifest's schema, which editors fetch it from.
const schemaID = "https://raw.githubusercontent.com/latch-keys/latch/main/docs/lattice.schema.json"

// sharedSchemaID is that of the schema of what manifests include.
const sharedSchemaID = "https://raw.githubusercontent.com/latch-keys/latch/main/docs/shared.schema.json"

// Schema describes manifests to editors. What it refuses, Decode refuses as well;
// beyond it, Decode judges checksums, names that stand twice or refer to nothing,
// and how YAML is spelled.
func Schema() schema.Schema {
	s := manifestRecord().schema()
	s.AnyOf = []schema.Schema{{Required: []string{"target"}}, {Required: []string{"include"}}} // one of them says what the hosts are
	s.Draft, s.ID, s.Title = schema.Draft, schemaID, "latch manifest"
	s.Description = "The manifest of a wasmCloud lattice: who signs with which cluster key, and whom every host accepts"
	return s
}

func versionField() field[Manifest] {
	parse := func(digits string) (int, error) {
		if digits != strconv.Itoa(formatVersion) {
			return 0, fault.New(fault.Failed, "this latch reads version %d of the format, not %s", formatVersion, shown(digits)).WithHint("a newer latch may read it")
		}
		return formatVersion, nil
	}
	return required(field[Manifest]{
		name: "version",
		read: func(f *fields, _ *Manifest) {
			read(f, "version", RuleVersion, form[int]{accepts: isWholeNumber, parse: parse})
		},
		write:  func(*Manifest) yamledit.Value { return yamledit.Literal(strconv.Itoa(formatVersion)) },
		same:   func(_, _ *Manifest) bool { return true },
		schema: func() schema.Schema { return schema.Schema{Const: formatVersion} },
	})
}

// even makes a list one that is written where it is empty too.
func even(f field[Manifest]) field[Manifest] {
	write := f.write
	f.write = func(m *Manifest) yamledit.Value {
		if v := write(m); v != nil {
			return v
		}
		return yamledit.Sequence{}
	}
	return f
}

func generationField() field[Manifest] {
	f := always("generation", RuleField, func(m *Manifest) *uint64 { return &m.Generation }, generationForm())
	f.required = false
	return f
}

func hostItems(issuers []Issuer) items[Host] {
	return items[Host]{record: hostRecord(issuers), id: func(h Host) string { return h.Name }, unique: "name"}
}

// hostRecord describes a host that signs with one of the issuers.
func hostRecord(issuers []Issuer) record[Host] {
	return record[Host]{fields: []field[Host]{
		required(scalar("name", RuleName, func(h *Host) *string { return &h.Name }, nameForm())).says("what the host is called"),
		required(scalar("signs_with", RuleSignsWith, func(h *Host) *string { return &h.SignsWith }, textForm(among(issuers), schema.Text("")))).says("the name of the issuer that it signs with"),
		scalar("target", RuleTarget, func(h *Host) *Target { return &h.Target }, targetForm()).says("the generation of this host, if it is not that of the others"),
		nested("nats", func(h *Host) *NATS { return &h.NATS }, natsRecord()).says("what is different for this host"),
		variablesField().says("further environment variables for this host"),
	}}
}

func checkKeystore(uri string) error {
	if uri == "" {
		return errors.New("the URI of the keystore is empty")
	}
	if !utf8.ValidString(uri) || strings.ContainsFunc(uri, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return errors.New("the URI of the keystore holds what cannot be printed")
	}
	return nil
}

// manySlips is how many unknown names are held against the known ones, in search
// of a slip: what is wrong everywhere is no slip.
const manySlips = 20

// mostIssuers is how many issuers a hint names.
const mostIssuers = 10

// among judges the name of an issuer.
func among(issuers []Issuer) func(string) error {
	set := make(map[string]bool, len(issuers))
	known := make([]string, len(issuers))
	for i, is := range issuers {
		set[is.Name], known[i] = true, is.Name
	}
	slips := 0
	hint := sync.OnceValue(func() string {
		if len(known) == 0 {
			return "the lattice has no issuer yet: latch issuers add NAME"
		}
		return "the issuers are " + printable.Fold(known, mostIssuers)
	})
	return func(name string) error {
		if set[name] {
			return nil
		}
		meant := ""
		if slips++; slips <= manySlips {
			meant = similar.Question(name, known)
		}
		return fault.New(fault.Failed, "no issuer is named %s%s", shown(name), meant).WithHint("%s", hint())
	}
}
