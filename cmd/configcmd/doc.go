// Package configcmd is `latch config`: the settings, and where each came from.
package configcmd
