package wasmcloud

import "github.com/latch-keys/latch/internal/keys"

// The rows that every release of a program reads, or each since its first.
func everyOTP() spans  { return since(0, 50, 0) }
func everyRust() spans { return since(0, 78, 0) }

// clusterRust are the Rust hosts that read cluster keys.
func clusterRust() spans { return everyRust().until(0, 82, last) }

// latticeVariables are those that make a host a member of its lattice.
func latticeVariables() []Variable {
	issuers := publicKeyOf(keys.Cluster)
	issuers.List = true
	return []Variable{
		{Name: Lattice, Meaning: "the lattice the host joins", Form: "one NATS token", rust: since(0, 82, 0)},
		{
			Name: LatticePrefix,
			Meaning: "the lattice the host joins; in rust-0.82 a deprecated alias that overrides " + Lattice +
				", so that both are given the same value",
			Form: "one NATS token", otp: everyOTP(), rust: clusterRust(),
		},
		{
			Name: ClusterIssuers, Meaning: "the cluster public keys whose invocations the host accepts, its own among them",
			Form: "public keys, C…, joined by commas; in host_config.json an array", Key: issuers, otp: everyOTP(), rust: clusterRust(),
		},
		{
			Name: ClusterSeed, Meaning: "the cluster seed the host signs its invocations with",
			Form: "a seed, SC…", Sensitivity: Secret, Key: seedOf(keys.Cluster), otp: everyOTP(), rust: clusterRust(),
		},
		{
			Name: JetStreamDomain, Meaning: "the JetStream domain of the lattice's cache",
			Form: "one NATS token", otp: since(0, 50, 2), rust: everyRust(),
		},
	}
}

// labelVariables make a running host recognisable: it tells its labels to who
// asks. 0.79.0 reads HOST_, and a third prefix that it shares with the host seed,
// which it published; 0.79.1 reads WASMCLOUD_LABEL_. Source: wasmCloud pull
// requests 731 and 773.
func labelVariables() []Variable {
	const meaning = "a label of the host; latch gives it " + HostLabel + ", the host's name in the manifest, " + GenerationLabel +
		", the manifest's generation, and " + ToldLabel + ", what the manifest has it told, in short, where it starts the host itself"
	return []Variable{
		{Name: OldLabel + "*", Meaning: meaning, Form: "text", otp: everyOTP(), rust: everyRust().until(0, 79, last)},
		{Name: Label + "*", Meaning: meaning, Form: "text", rust: since(0, 79, 1)},
	}
}
