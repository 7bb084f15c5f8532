// Package hostenv is what one file tells one host: variables with the places
// they are set at, and what is wrong with the way they are written. Whoever
// reads a kind of file fills a Host; whoever judges hosts reads it.
//
// Values may be secrets. An Entry hides its own however it is printed, findings
// repeat none, and Wipe ends them.
package hostenv
