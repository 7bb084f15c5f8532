package env

import "strconv"

// latticeVariables are those that make a host a member of its lattice.
func latticeVariables() []Variable {
	return []Variable{
		{
			Name:    "WASMCLOUD_LATTICE",
			Meaning: "the lattice the host joins",
			Form:    "one NATS token",
			Targets: from("rust-0.82", ""),
			assign:  latticeName,
		},
		{
			Name: "WASMCLOUD_LATTICE_PREFIX",
			Meaning: "the lattice the host joins; in rust-0.82 a deprecated alias that overrides WASMCLOUD_LATTICE, " +
				"so that both are given the same value",
			Form:    "one NATS token",
			Targets: from("otp-0.51", "rust-0.82"),
			assign:  latticeName,
		},
		{
			Name:    "WASMCLOUD_CLUSTER_ISSUERS",
			Meaning: "the cluster public keys whose invocations the host accepts, its own among them",
			Form:    "public keys, C…, joined by commas; in host_config.json an array",
			Targets: from("otp-0.51", "rust-0.82"),
			assign:  func(f facts) Assignment { return Assignment{plain: f.accepted} },
		},
		{
			Name:      "WASMCLOUD_CLUSTER_SEED",
			Meaning:   "the cluster seed the host signs its invocations with",
			Form:      "a seed, SC…",
			Sensitive: true,
			Targets:   from("otp-0.51", "rust-0.82"),
			assign:    func(f facts) Assignment { return Assignment{seed: f.seed} },
		},
	}
}

func latticeName(f facts) Assignment { return Assignment{plain: f.lattice} }

// labelVariables make a running host recognisable: it tells its labels to who
// asks. Their names are in lower case since OTP hosts fold labels and others do
// not. rust-0.79 is given both prefixes: 0.79.0 reads HOST_, and a third one
// that it shares with WASMCLOUD_HOST_SEED, which it published; 0.79.1 reads
// WASMCLOUD_LABEL_. Source: wasmCloud pull requests 731 and 773.
func labelVariables() []Variable {
	const form = "text"
	old, recent := from("otp-0.51", "rust-0.79"), from("rust-0.79", "")
	return []Variable{
		{Name: "HOST_latch_host", Meaning: "label latch_host: the host's name in the manifest", Form: form, Targets: old, assign: hostName},
		{Name: "HOST_latch_generation", Meaning: "label latch_generation: the manifest's generation", Form: form, Targets: old, assign: generation},
		{Name: "WASMCLOUD_LABEL_latch_host", Meaning: "label latch_host: the host's name in the manifest", Form: form, Targets: recent, assign: hostName},
		{Name: "WASMCLOUD_LABEL_latch_generation", Meaning: "label latch_generation: the manifest's generation", Form: form, Targets: recent, assign: generation},
	}
}

func hostName(f facts) Assignment { return Assignment{plain: f.host.Name} }

func generation(f facts) Assignment {
	return Assignment{plain: strconv.FormatUint(f.generation, 10)}
}
