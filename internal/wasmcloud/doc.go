// Package wasmcloud is what wasmCloud hosts are: the targets that an environment
// is made for, every variable that hosts read and which versions read it, the
// names of their subjects, streams and buckets, and the cluster keys that stand
// in public. It holds facts as tables and answers questions about them; it
// decides nothing. Each fact stands here and nowhere else.
//
// The tables were read off the sources of wasmcloud-otp v0.50.0 to v0.63.2 and
// of wasmCloud v0.78.0 to v1.9.2.
package wasmcloud
