// Package bucket is the keystore of a team: nats:. Seeds are encrypted here, before
// they leave, and kept in a key-value bucket of NATS JetStream, which replicates.
//
// One key of the bucket, root, says what there is: each seed's name, public key and
// the revision that holds it, whom they are encrypted to, and who may change that.
// Every change is one write of it, signed, and made only over the root that was
// read; what it refers to was written before. So a change is there whole or not at
// all, and whoever runs the servers can neither add, nor exchange, nor roll back.
package bucket
