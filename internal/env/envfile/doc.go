// Package envfile reads the files that tell hosts their environment, as the
// program that will read them does: an OTP host keeps quotes as part of a value,
// docker too, a shell strips them. A Reading is one such program.
//
// Parse takes any file: env files of every Reading, host_config.json, JSON
// objects of variables, docker compose files and Kubernetes Secrets. It finds no
// fault with values; what a program would not read as it was meant becomes a
// finding of the Host.
//
// Values may be secrets. An Entry hides its own however it is printed, errors
// and findings repeat none, and Wipe ends them.
package envfile
