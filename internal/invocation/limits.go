package invocation

// Limits of what is read. Hosts send at most 900 KiB in a message; NATS servers
// take 1 MiB unless told otherwise, and 64 MiB at the most.
const (
	// MostMessage is the largest message that is looked at, in bytes.
	MostMessage = 64 << 20
	// mostDepth is how deep nested values are followed, that of rmp-serde.
	mostDepth = 1024
	// mostTrace is how many entries of a trace context are kept.
	mostTrace = 4096
)
