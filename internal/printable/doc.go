// Package printable makes text from elsewhere fit to be shown: names in backups,
// comments of recipients, services of compose files. No escape sequence reaches
// the terminal, no line end makes a line of its own, and nothing is a command to
// the service whose log it ends up in.
package printable
