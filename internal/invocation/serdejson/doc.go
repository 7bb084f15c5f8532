// Package serdejson reads JSON as the Rust crate serde_json 1.0 reads a struct:
// known members once and of exactly their type, in its own words where it
// refuses, so that a host's log can be searched for them.
package serdejson
