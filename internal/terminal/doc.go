// Package terminal is what a person at a terminal sees and types: tables,
// colours, progress, questions and what is typed without echo. It is the one
// room with a colour library, a progress bar and x/term.
package terminal
