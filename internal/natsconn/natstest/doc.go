// Package natstest runs real NATS servers inside tests: one or a cluster, with
// JetStream or without, told by a configuration or in operator mode, where it
// also makes the accounts and users.
package natstest
