package cache

import (
	"strings"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Cache is what JetStream keeps of one lattice.
type Cache struct {
	conn    *natsconn.Conn
	lattice string
	domain  string
}

// Of is the cache of a lattice in a JetStream domain, "" for the one that the
// server itself belongs to.
func Of(conn *natsconn.Conn, lattice, domain string) Cache {
	return Cache{conn: conn, lattice: lattice, domain: domain}
}

// api is the subject of a request to JetStream.
func (c Cache) api(verb, stream string) string {
	return c.apiPrefix() + "." + verb + "." + stream
}

func (c Cache) apiPrefix() string {
	if c.domain == "" {
		return wasmcloud.JetStreamAPI
	}
	return "$JS." + c.domain + ".API"
}

// publishTo is where a message is published that is to be stored under a subject.
// A server between here and the domain lets no bare subject of a key-value bucket
// through.
func (c Cache) publishTo(subject string) string {
	if c.domain != "" && strings.HasPrefix(subject, "$KV.") {
		return c.apiPrefix() + "." + subject
	}
	return subject
}

// place says where the streams are.
func (c Cache) place() string {
	if c.domain == "" {
		return "JetStream"
	}
	return "JetStream in the domain " + c.domain
}
