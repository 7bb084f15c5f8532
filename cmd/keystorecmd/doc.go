// Package keystorecmd is `latch keystore`: whole keystores are made, checked,
// copied and backed up.
package keystorecmd
