// Package scancmd is `latch scan`: leaked seeds are found, and told whose they are.
package scancmd
