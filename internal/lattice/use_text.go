package lattice

import (
	"fmt"
	"strings"
)

// mostNamed is how many hosts a sentence names.
const mostNamed = 20

// String says what the key is used for, and what that makes of the loss of its
// seed.
func (u Use) String() string {
	const unwritable = ": no env file can be written for %s without the seed"
	them := "them"
	if len(u.Hosts) == 1 {
		them = "it"
	}
	switch u.Kind {
	case UseSigns:
		return fmt.Sprintf("%s with the key %s"+unwritable, u.subject("sign"), u.Name, them)
	case UseLogsIn:
		if len(u.Hosts) == 0 {
			return fmt.Sprintf("every host that is added logs in to NATS with the key %s", u.Name)
		}
		return fmt.Sprintf("%s in to NATS with the key %s"+unwritable, u.subject("log"), u.Name, them)
	case UseRetired:
		return fmt.Sprintf("the rotation under way has retired the key %s, and needs the seed on its way back", u.Name)
	case UseRotation:
		return fmt.Sprintf("the rotation under way is about the key %s", u.Name)
	case UseIssuer:
		return fmt.Sprintf("it has the key as issuer %s, which a host may be made to sign with", u.Name)
	case UseDenied:
		return "the key is on its deny list"
	}
	return "it uses the key " + u.Name
}

// subject names the hosts, and what they do: "the host a signs", "the hosts a, b and
// c sign".
func (u Use) subject(verb string) string {
	n := len(u.Hosts)
	switch {
	case n == 1:
		return "the host " + u.Hosts[0] + " " + verb + "s"
	case n > mostNamed:
		return fmt.Sprintf("the hosts %s and %d more %s", strings.Join(u.Hosts[:mostNamed], ", "), n-mostNamed, verb)
	}
	return "the hosts " + strings.Join(u.Hosts[:n-1], ", ") + " and " + u.Hosts[n-1] + " " + verb
}
