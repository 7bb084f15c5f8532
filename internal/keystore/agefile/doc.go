// Package agefile seals and opens small secrets in the age format
// (age-encryption.org/v1), armored, so that the stock age tool opens what it
// sealed and it opens what that tool sealed: to age and ssh recipients, or to a
// passphrase.
package agefile
