// Package unit reads what units of systemd tell the hosts they start: Environment=
// and EnvironmentFile= of a unit and of the drop-ins beside it, and the credential
// that latch hands a host over by.
//
// Source: systemd v252 man systemd.exec, src/core/load-fragment.c,
// src/basic/extract-word.c.
package unit
