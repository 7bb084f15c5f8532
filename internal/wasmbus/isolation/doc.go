// Package isolation tries with real connections whether one lattice is walled off
// from another: every way by which messages of one could reach the other, or be read
// by it. It leaves nothing behind. What it sends stands on subjects of its own that
// no host listens to, and what it makes in JetStream it takes away again.
package isolation
