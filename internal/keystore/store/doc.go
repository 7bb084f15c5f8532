// Package store is the kernel that all keystores share: the contract of a Store,
// and Guard, which holds it around a Medium. What differs between stores is in
// the media; one that keeps its seeds as small files has Blobs to keep them in,
// so that a folder and a bucket look the same to it.
//
// Putting a seed means to write it, read it back, derive its public key and
// compare. A different seed is never replaced. What cannot be reached is an
// error and never looks like an empty store; nor does what is corrupt.
package store
