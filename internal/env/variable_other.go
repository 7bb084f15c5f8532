package env

// The rest of what hosts read. latch writes none of it: the first are defaults
// of the variables it does write, and of the others it knows nothing; the
// manifest's env gives them to a host.

// connectVariables are defaults that Rust hosts take for both connections.
func connectVariables() []Variable {
	const instead = "; latch writes those of rpc and ctl, whose names are the same in every version"
	return []Variable{
		{Name: "NATS_HOST", Meaning: "the NATS server for rpc and ctl" + instead, Form: "a name or an address", Targets: from("rust-0.78", "rust-0.82")},
		{Name: "NATS_PORT", Meaning: "its port", Form: "a number", Targets: from("rust-0.78", "rust-0.82")},
		{Name: "NATS_JWT", Meaning: "the NATS user's JWT" + instead, Form: "a JWT, eyJ…", Targets: from("rust-0.78", "rust-0.80")},
		{Name: "NATS_SEED", Meaning: "the NATS user's seed" + instead, Form: "a seed, SU…", Sensitive: true, Targets: from("rust-0.78", "rust-0.80")},
		{Name: "WASMCLOUD_NATS_HOST", Meaning: "the NATS server for rpc and ctl" + instead, Form: "a name or an address", Targets: from("rust-1.0", "")},
		{Name: "WASMCLOUD_NATS_PORT", Meaning: "its port", Form: "a number", Targets: from("rust-1.0", "")},
		{Name: "WASMCLOUD_NATS_JWT", Meaning: "the NATS user's JWT" + instead, Form: "a JWT, eyJ…", Targets: from("rust-0.81", "")},
		{
			Name: "WASMCOULD_NATS_SEED", Meaning: "the NATS user's seed, so misspelt from 0.81 to 1.1" + instead,
			Form: "a seed, SU…", Sensitive: true, Targets: from("rust-0.81", "rust-1.0"),
		},
		{
			Name: "WASMCLOUD_NATS_SEED", Meaning: "the NATS user's seed, so spelt from 1.2" + instead,
			Form: "a seed, SU…", Sensitive: true, Targets: from("rust-1.0", ""),
		},
		{Name: "WASMCLOUD_NATS_CREDS", Meaning: "the NATS user's credentials file" + instead, Form: "a path", Targets: from("rust-1.3", "")},
	}
}

// hostVariables are about the host itself and how it serves its lattice.
func hostVariables() []Variable {
	every, rust := from("otp-0.51", ""), from("rust-0.78", "")
	elixir := from("otp-0.51", "otp")
	return []Variable{
		{
			Name: "WASMCLOUD_HOST_SEED", Meaning: "the host's own key; rust-0.79 at 0.79.0 publishes it as a label",
			Form: "a seed, SN…", Sensitive: true, Targets: every,
		},
		{Name: "HOST_CONFIG", Meaning: "where the host writes its configuration, seeds in clear; OTP since 0.60", Form: "a path", Targets: from("otp", "otp")},
		{Name: "WASMCLOUD_CTL_TOPIC_PREFIX", Meaning: "begins the subjects of control commands; OTP since 0.57", Form: "two NATS tokens", Targets: every},
		{Name: "WASMCLOUD_RPC_TIMEOUT_MS", Meaning: "how long an invocation may take", Form: "milliseconds", Targets: every},
		{Name: "WASMCLOUD_PROV_SHUTDOWN_DELAY_MS", Meaning: "how long a provider may take to stop", Form: "milliseconds", Targets: every},
		{Name: "WASMCLOUD_CONFIG_SERVICE", Meaning: "ask the config service at start", Form: "true or false", Targets: every},
		{Name: "WASMCLOUD_ENABLE_IPV6", Meaning: "reach NATS by IPv6; OTP since 0.55", Form: "true or false", Targets: elixir},
		{Name: "WASMCLOUD_POLICY_TOPIC", Meaning: "where to ask for leave to start and to call", Form: "a NATS subject", Targets: every},
		{Name: "WASMCLOUD_POLICY_CHANGES_TOPIC", Meaning: "where such decisions are taken back", Form: "a NATS subject", Targets: every},
		{Name: "WASMCLOUD_POLICY_TIMEOUT", Meaning: "how long a decision may take", Form: "milliseconds", Targets: every},
		{Name: "WASMCLOUD_ALLOW_FILE_LOAD", Meaning: "may components be loaded from files", Form: "true or false", Targets: rust},
	}
}

// otherVariables are about images and the log.
func otherVariables() []Variable {
	every, elixir := from("otp-0.51", ""), from("otp-0.51", "otp")
	return []Variable{
		{Name: "WASMCLOUD_OCI_ALLOW_LATEST", Meaning: "may images be tagged latest", Form: "true or false", Targets: every},
		{Name: "WASMCLOUD_OCI_ALLOWED_INSECURE", Meaning: "registries that may be asked without TLS", Form: "names, joined by commas", Targets: every},
		{Name: "OCI_REGISTRY", Meaning: "the registry that the next two are for", Form: "a name", Targets: every},
		{Name: "OCI_REGISTRY_USER", Meaning: "the user for a registry", Form: "text", Targets: every},
		{Name: "OCI_REGISTRY_PASSWORD", Meaning: "the password for a registry", Form: "text", Sensitive: true, Targets: every},
		{Name: "WASMCLOUD_STRUCTURED_LOGGING_ENABLED", Meaning: "log as JSON", Form: "true or false", Targets: every},
		{Name: "WASMCLOUD_STRUCTURED_LOG_LEVEL", Meaning: "what is logged; OTP before 0.63", Form: "debug, info, warn, error", Targets: elixir},
		{Name: "WASMCLOUD_LOG_LEVEL", Meaning: "what is logged; OTP from 0.63", Form: "debug, info, warn, error; Rust hosts also trace", Targets: from("otp", "")},
	}
}
