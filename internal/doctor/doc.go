// Package doctor judges what works on this machine and what is missing, from facts
// that are handed in: it opens, asks and connects to nothing itself.
package doctor
