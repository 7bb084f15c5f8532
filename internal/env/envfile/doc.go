// Package envfile reads the files that tell hosts their environment, as the
// program that will read them does, and judges them as a set. An OTP host and
// docker keep quotes as part of a value, a shell strips them: a Reading is one
// such program.
//
// Parse takes any file: env files of every Reading, host_config.json, JSON
// objects of variables, docker compose files and Kubernetes Secrets; Load adds
// the env files that a compose file names. Check judges hosts without a manifest,
// each by what it does with the values and all together by the rules of
// provisioning; Rules lists what it finds. Diff compares a file with the one that
// is to replace it.
//
// Values may be secrets. An Entry hides its own however it is printed, errors,
// findings and changes repeat none, and Wipe ends them.
package envfile
