// Package cmd is the command line of latch: one file per verb, each taking
// flags in, calling the domain, and rendering what comes back.
//
// It is the only room that knows cobra, viper, colour and the process. All it
// needs of the process comes in as a System, so that tests can stand in for it.
//
// What is said where: stdout carries the data asked for and nothing else;
// everything said to the person goes to stderr. Errors are lower case, without
// a full stop, and say what failed, where and why; the next command to type
// stands on its own line after "hint:". Public keys are shown, seeds never,
// unless asked for by `keys gen`, `keys get --seed` and `env print`.
package cmd
