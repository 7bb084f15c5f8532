package wasmcloud

import "github.com/latch-keys/latch/internal/keys"

// The variables that several tables speak of.
const (
	hostKey         = "WASMCLOUD_HOST_KEY"
	rpcTimeout      = "WASMCLOUD_RPC_TIMEOUT_MS"
	shutdownDelay   = "WASMCLOUD_PROV_SHUTDOWN_DELAY_MS"
	allowLatest     = "WASMCLOUD_OCI_ALLOW_LATEST"
	allowedInsecure = "WASMCLOUD_OCI_ALLOWED_INSECURE"
	enableIPv6      = "WASMCLOUD_ENABLE_IPV6"
	policyTimeout   = "WASMCLOUD_POLICY_TIMEOUT"
	logLevel        = "WASMCLOUD_LOG_LEVEL"
)

// hostVariables are about the host itself and how it serves its lattice.
func hostVariables() []Variable {
	return []Variable{
		{
			Name: HostSeed, Meaning: "the host's own key; rust-0.79 at 0.79.0 publishes it as a label",
			Form: "a seed, SN…", Sensitivity: Secret, Key: seedOf(keys.Server), otp: everyOTP(), rust: everyRust(),
		},
		{
			Name: hostKey, Meaning: "the public key of the host seed; only OTP 0.50 reads it", Form: "a public key, N…",
			Key: publicKeyOf(keys.Server), otp: everyOTP().until(0, 50, 1),
		},
		{Name: "HOST_CONFIG", Meaning: "where the host writes its configuration, seeds in clear", Form: "a path", otp: since(0, 60, 0)},
		{Name: CtlTopicPrefix, Meaning: "begins the subjects of control commands", Form: "two NATS tokens", otp: since(0, 57, 0), rust: everyRust()},
		{Name: rpcTimeout, Meaning: "how long an invocation may take", Form: "milliseconds", otp: everyOTP(), rust: everyRust()},
		{Name: shutdownDelay, Meaning: "how long a provider may take to stop", Form: "milliseconds", otp: everyOTP(), rust: everyRust()},
		{Name: ConfigServiceSwitch, Meaning: "ask the config service at start", Form: boolForm, otp: since(0, 52, 4), rust: everyRust()},
		{Name: enableIPv6, Meaning: "reach NATS by IPv6", Form: boolForm, otp: since(0, 55, 0)},
		{Name: "WASMCLOUD_ALLOW_FILE_LOAD", Meaning: "may components be loaded from files", Form: boolForm, otp: since(0, 61, 0), rust: everyRust()},
		{Name: "WASMCLOUD_HEARTBEAT_INTERVAL", Meaning: "how often the host tells that it lives", Form: "seconds", rust: since(1, 1, 1)},
		{Name: "WASMCLOUD_HTTP_ADMIN", Meaning: "where the host answers whether it is well, by HTTP", Form: "an address and a port", rust: since(1, 5, 0)},
		{Name: "WASMCLOUD_COMPONENT_AUCTION_ENABLED", Meaning: "may the host bid for components", Form: boolForm, rust: since(1, 5, 1)},
		{Name: "WASMCLOUD_PROVIDER_AUCTION_ENABLED", Meaning: "may the host bid for providers", Form: boolForm, rust: since(1, 5, 1)},
		{Name: "WASMCLOUD_EXPERIMENTAL_FEATURES", Meaning: "experimental features to turn on", Form: "names, joined by commas", rust: since(1, 5, 0)},
		{Name: "WASMCLOUD_TLS_CA_PATH", Meaning: "certificate authorities for registries and telemetry", Form: "paths, joined by commas", rust: since(1, 6, 2)},
	}
}

// policyVariables are about who is asked before something starts or is called.
func policyVariables() []Variable {
	since056 := func() spans { return since(0, 56, 0) }
	return []Variable{
		{Name: PolicyTopic, Meaning: "where to ask for leave to start and to call", Form: "a NATS subject", otp: since056(), rust: everyRust()},
		{Name: PolicyChangesTopic, Meaning: "where such decisions are taken back", Form: "a NATS subject", otp: since056(), rust: everyRust()},
		{Name: policyTimeout, Meaning: "how long a decision may take", Form: "milliseconds", otp: since056(), rust: everyRust()},
		{Name: SecretsTopic, Meaning: "begins the subjects by which secrets are asked for", Form: "a NATS subject", rust: since(1, 1, 0)},
	}
}

// imageVariables are about where components and providers are pulled from.
func imageVariables() []Variable {
	old, recent := everyRust().until(0, 80, last), since(0, 81, 0)
	const registry, user, password = "the registry that the next two are for", "the user for a registry", "the password for a registry"
	return []Variable{
		{Name: allowLatest, Meaning: "may images be tagged latest", Form: boolForm, otp: everyOTP(), rust: everyRust()},
		{Name: allowedInsecure, Meaning: "registries that may be asked without TLS", Form: "names, joined by commas", otp: everyOTP(), rust: everyRust()},
		{Name: "OCI_REGISTRY", Meaning: registry, Form: "a name", rust: old},
		{Name: "OCI_REGISTRY_USER", Meaning: user, Form: "text", rust: old},
		{Name: "OCI_REGISTRY_PASSWORD", Meaning: password, Form: "text", Sensitivity: Secret, rust: old},
		{Name: "WASMCLOUD_OCI_REGISTRY", Meaning: registry, Form: "a name", rust: recent},
		{Name: "WASMCLOUD_OCI_REGISTRY_USER", Meaning: user, Form: "text", rust: recent},
		{Name: "WASMCLOUD_OCI_REGISTRY_PASSWORD", Meaning: password, Form: "text", Sensitivity: Secret, rust: recent},
	}
}

// limitVariables are what a component may use.
func limitVariables() []Variable {
	return []Variable{
		{Name: "WASMCLOUD_MAX_EXECUTION_TIME_MS", Meaning: "how long a component may run", Form: "milliseconds", rust: since(1, 1, 0)},
		{Name: "WASMCLOUD_MAX_LINEAR_MEMORY", Meaning: "how much memory a component may have", Form: "bytes", rust: since(1, 2, 0)},
		{Name: "WASMCLOUD_MAX_COMPONENT_SIZE", Meaning: "how large a component may be", Form: "bytes", rust: since(1, 2, 0)},
		{Name: "WASMCLOUD_MAX_COMPONENTS", Meaning: "how many components may run", Form: "a number", rust: since(1, 2, 0)},
		{Name: "WASMCLOUD_MAX_CORE_INSTANCES_PER_COMPONENT", Meaning: "how many core instances a component may have", Form: "a number", rust: since(1, 8, 0)},
	}
}
