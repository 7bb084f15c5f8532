// Package sealed is a keystore of encrypted files: age: today. Each seed is a
// file that age has encrypted, NAME.age, with what may be known without
// unlocking beside it, NAME.pub. Whom it is encrypted to is in recipients.txt, or
// it is to a passphrase.
//
// It knows its files as store.Blobs, so that where they are kept is not its
// business.
package sealed
