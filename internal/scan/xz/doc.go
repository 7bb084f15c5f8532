// Package xz unpacks xz streams: the container, around LZMA2 as the library
// decodes it. The library's own reader of the container makes tables of checksums
// in every process that links it, which costs more than all of a simple command.
//
// Source: The .xz File Format, version 1.2.1 (tukaani.org/xz/xz-file-format.txt).
package xz
