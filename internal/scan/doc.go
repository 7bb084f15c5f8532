// Package scan finds seeds where none should be: in files and archives, in what
// git keeps, and in any stream. It reads in pieces, whatever the size, and keeps
// count of what it has read and of what it could not read, so that finding nothing
// means something. It tells which key a seed belongs to, and never the seed.
package scan
