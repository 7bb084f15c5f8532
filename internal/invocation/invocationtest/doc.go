// Package invocationtest stands in, in tests, for what runs on hosts: actors that
// check calls and answer them as those of real hosts do, and hosts that make calls.
package invocationtest
