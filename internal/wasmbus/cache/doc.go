// Package cache looks at what JetStream keeps of a lattice, empties it, and puts
// it back from a copy: claims, links, configuration, payloads in transit. It works
// on streams as they are found, whichever hosts made them.
//
// All that changes something is asked for and then looked at: an error does not
// mean that nothing was done.
package cache
