// Package keystoretest is the contract that every keystore passes: what Store
// promises, as tests.
package keystoretest
