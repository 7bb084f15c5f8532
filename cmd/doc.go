// Package cmd is the command line of latch: it builds the tree of commands and
// runs the one that is asked for. Each noun has a package beside this one, with
// a file for each verb: flags in, domain call, rendering out. What nouns share
// is in package app.
package cmd
