// Package reading reads env files, each as one program does: an OTP host and
// docker keep quotes as part of a value, a shell strips them. A Reading is one
// such program.
package reading
