// Package accounts asks the servers of a cluster, as a user of their system account,
// what they have of an account of NATS, gives them a new copy, and proves by
// connections whom they let in.
package accounts
