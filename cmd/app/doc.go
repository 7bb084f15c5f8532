// Package app is what the commands share: the process as a System, the settings,
// showing results and errors, exit codes, completion, confirming, passphrases,
// and the manifest and the keystore at hand.
//
// What is said where: stdout carries the data asked for and nothing else;
// everything said to the person goes to stderr. Errors are lower case, without
// a full stop, and say what failed, where and why; the next command to type
// stands on its own line after "hint:". Public keys are shown, seeds never,
// unless asked for by `keys gen`, `keys get --seed`, `keys export --plain` and
// `env print`.
package app
