// Package keystore is where seeds rest: Open chooses a store by its URI, never by
// silent fallback, and what is here works on any of them: Copy, Check, Reconcile,
// backups.
//
//	keyring:   the keyring of the operating system
//	age:DIR    one file a seed, encrypted with age
//	dir:DIR    plain NAME.nk files in a folder of one's own
//	env:       read only, LATCH_SEED_<NAME>
//	vault:MOUNT/PATH
//	           secrets of a KV version 2 mount of OpenBao or Vault
//	exec:CMD   read only, what a command prints for a name
//	nats://HOST:PORT/BUCKET
//	           a bucket of NATS JetStream, encrypted with age before it leaves
//
// What every store promises is in package store, and tested in keystoretest.
package keystore
