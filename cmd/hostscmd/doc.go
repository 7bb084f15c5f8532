// Package hostscmd is `latch hosts`: the hosts in the manifest.
package hostscmd
