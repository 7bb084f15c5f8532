package permissions

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Excess is a permission beyond what is needed, and what could be done with it.
type Excess struct {
	Action  wasmcloud.Action
	Subject string // as it was allowed; > where nothing was allowed by name
	Could   []string
}

// Exceeds are the rights beyond a set.
func (r Rights) Exceeds(needs Set, s Setup) []Excess {
	publish, subscribe := needs.Subjects(wasmcloud.Publish), needs.Subjects(wasmcloud.Subscribe)
	var found []Excess
	for _, subject := range r.publishes() {
		if !coveredBy(subject, append(slices.Clone(publish), r.Publish.Deny...)) {
			found = append(found, Excess{wasmcloud.Publish, subject, s.could(wasmcloud.Publish, subject, publish, r.Publish.Deny)})
		}
	}
	heard := make([]string, len(subscribe))
	for i, subject := range subscribe {
		heard[i] = heardBy(subject)
	}
	for _, entry := range r.listens() {
		subject, _, _ := strings.Cut(entry, " ") // the queue
		if !coveredBy(heardBy(subject), append(slices.Clone(heard), r.Subscribe.Deny...)) {
			found = append(found, Excess{wasmcloud.Subscribe, entry, s.could(wasmcloud.Subscribe, heardBy(subject), heard, r.Subscribe.Deny)})
		}
	}
	return found
}

// listens are the entries by which something can be heard, in a queue or not.
func (r Rights) listens() []string {
	if len(r.Subscribe.Allow) == 0 {
		return []string{anyRest}
	}
	return r.Subscribe.Allow
}

// danger is something that nobody should be able to do without need.
type danger struct {
	action  wasmcloud.Action
	subject string // with places, as in wasmcloud.Use
	could   string
}

// dangers lists them, the worst first.
func dangers() []danger {
	const publish, subscribe = wasmcloud.Publish, wasmcloud.Subscribe
	return []danger{
		{publish, "$SYS.REQ.CLAIMS.>", "change accounts, as a user of the system account"},
		{publish, "{api}.STREAM.DELETE.>", "delete streams"},
		{publish, "{api}.STREAM.PURGE.>", "empty streams"},
		{publish, "{api}.STREAM.UPDATE.>", "change streams"},
		{publish, "{api}.STREAM.CREATE.>", "make streams that capture subjects of others"},
		{publish, "{api}.CONSUMER.CREATE.>", "have what streams hold delivered to subjects of others"},
		{publish, "{ctl}.{lattice}.cmd.>", "give commands to hosts"},
		{publish, "{ctl}.v1.{lattice}.component.>", "give commands to hosts"},
		{publish, "{ctl}.v1.{lattice}.provider.>", "give commands to hosts"},
		{publish, "{ctl}.v1.{lattice}.host.stop.*", "stop hosts"},
		{publish, "{ctl}.{lattice}.linkdefs.*", "change links"},
		{publish, "{ctl}.v1.{lattice}.link.*", "change links"},
		{publish, "{ctl}.{lattice}.registries.put", "replace the credentials of hosts for registries"},
		{publish, "{ctl}.v1.{lattice}.registry.put", "replace the credentials of hosts for registries"},
		{publish, "wasmbus.rpc.{lattice}.>", "call actors and providers, and change the links of providers"},
		{publish, "{lattice}.*.wrpc.>", "call components and providers"},
		{publish, "{kv}.LATTICEDATA_{lattice}.>", "change the lattice's claims and links"},
		{publish, "{kv}.CONFIGDATA_{lattice}.>", "change the lattice's configuration"},
		{publish, "lc.{lattice}.>", "change the lattice's claims and links"},
		{publish, "wasmbus.evt.{lattice}.>", "tell false events"},
		{publish, "_INBOX.>", "answer in the place of others"},
		{subscribe, "wasmbus.rpc.{lattice}.>", "read invocations, or take them from whom they are for"},
		{subscribe, "{lattice}.*.wrpc.>", "read invocations, or take them from whom they are for"},
		{subscribe, "{ctl}.{lattice}.>", "read control commands, with credentials for registries"},
		{subscribe, "{ctl}.v1.{lattice}.>", "read control commands, with credentials for registries"},
		{subscribe, "{kv}.LATTICEDATA_{lattice}.>", "read claims and links as they change"},
		{subscribe, "{kv}.CONFIGDATA_{lattice}.>", "read configuration as it changes"},
		{subscribe, "wasmbus.evt.{lattice}.>", "read events"},
		{subscribe, "_INBOX.>", "read answers to others"},
	}
}

// could is what may be done with a right beyond what is needed.
func (s Setup) could(action wasmcloud.Action, subject string, needed, denied []string) []string {
	could := []string{}
	add := func(text string) {
		if !slices.Contains(could, text) {
			could = append(could, text)
		}
	}
	for _, d := range dangers() {
		for _, domain := range []string{"", anyToken} { // by which JetStream is asked
			here := s
			here.JetStreamDomain = domain
			pattern, _ := here.fill(d.subject)
			if d.action != action || !overlap(subject, pattern) {
				continue
			}
			part := pattern // the narrower of the two is what the right adds
			if covers(pattern, subject) {
				part = subject
			}
			if !coveredBy(part, append(slices.Clone(needed), denied...)) {
				add(d.could)
			}
		}
	}
	if s.reachesOthers(subject, denied) {
		add("reach other lattices in the same account")
	}
	return could
}

// reachesOthers reports whether the subject takes in those of a lattice of
// another name.
func (s Setup) reachesOthers(subject string, denied []string) bool {
	other := s
	other.Lattice = "\x00" // a token that no subject names
	for _, template := range []string{
		"{ctl}.{lattice}.>", "{ctl}.v1.{lattice}.>", "wasmbus.rpc.{lattice}.>", "wasmbus.evt.{lattice}", "{lattice}.*.wrpc.>", "{kv}.LATTICEDATA_{lattice}.>", "{kv}.CONFIGDATA_{lattice}.>",
	} {
		pattern, _ := other.fill(template)
		if overlap(subject, pattern) && !coveredBy(pattern, denied) {
			return true
		}
	}
	return s.namesAnother(subject)
}

// namesAnother reports whether the subject is of one other lattice by its name.
func (s Setup) namesAnother(subject string) bool {
	return slices.ContainsFunc(latticesIn(subject), func(name string) bool {
		return name != s.Lattice && name != anyToken && name != anyRest
	})
}

// latticesIn are the names of lattices that stand in a subject where it has a place
// for one.
func latticesIn(subject string) []string {
	parts := tokens(subject)
	var names []string
	for _, token := range parts {
		for _, store := range storeNames() {
			if name, found := strings.CutPrefix(token, store); found {
				names = append(names, name)
			}
		}
	}
	if len(parts) < 3 {
		return names
	}
	switch {
	case parts[0] == "wasmbus" && parts[1] == "ctl" && parts[2] == "v1" && len(parts) > 3:
		names = append(names, parts[3])
	case parts[0] == "wasmbus" && slices.Contains([]string{"ctl", "rpc", "evt"}, parts[1]):
		names = append(names, parts[2])
	case parts[2] == "wrpc":
		names = append(names, parts[0])
	case parts[0] == "lc":
		names = append(names, parts[1])
	}
	return names
}

// storeNames begin the names of streams and buckets that end in a lattice's.
func storeNames() []string {
	return []string{"KV_LATTICEDATA_", "KV_CONFIGDATA_", "LATTICEDATA_", "CONFIGDATA_", "LATTICECACHE_"}
}
