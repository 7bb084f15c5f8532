// Package invocationcmd is `latch invocation`: signed calls made, shown and
// judged.
package invocationcmd
