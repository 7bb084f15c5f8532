package wasmcloud

// rpcUses are those of a host's connection for invocations. Source: wasmCloud
// v0.78.0 and v0.82.0 crates/host/src/wasmbus/mod.rs; wasmcloud-otp v0.57.0
// imports.ex, v0.63.2 rpc_invocations.ex and provider_module.ex.
func rpcUses() []Use {
	toProviders := since(0, 81, 0).until(0, 82, last) // until then over the connection for providers
	return []Use{
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*", Reason: "calls actors", otp: everyOTP(), rust: oldRust()},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*", Reason: "calls providers", otp: everyOTP(), rust: oldRust()},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.linkdefs.*", Reason: "gives providers their links", otp: everyOTP(), rust: toProviders},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.health", Reason: "asks providers whether they are well", otp: everyOTP(), rust: toProviders},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.shutdown", Reason: "stops providers", otp: everyOTP(), rust: toProviders},
		{Action: Subscribe, Subject: "wasmbus.rpc.{lattice}.*", Reason: "invocations of its actors", otp: everyOTP().until(0, 59, last), rust: oldRust()},
		{Action: Respond, Reason: "answers of actors", otp: everyOTP().until(0, 59, last), rust: oldRust()},
		{Action: Subscribe, Subject: inbox, Reason: "answers to its calls", otp: everyOTP(), rust: everyRust()},

		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.linkdefs.*", Reason: "gives providers their links", rust: newRust()},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.health", Reason: "asks providers whether they are well", rust: newRust()},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.shutdown", Reason: "stops providers", rust: newRust()},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.config.update", Reason: "gives providers their configuration", rust: since(1, 2, 0)},
		{Action: Publish, Subject: "{lattice}.*.wrpc.>", Reason: "calls components and providers", rust: newRust()},
		{Action: Subscribe, Subject: "{lattice}.*.wrpc.>", Reason: "invocations of its components", rust: newRust()},
		// wRPC publishes more than one message to either side's inbox, below the
		// subject that the other named: crates/transport-nats v0.29.0 of wrpc.
		{Action: Publish, Subject: inbox, Reason: "parameters and results of calls, which wRPC sends to inboxes", rust: newRust()},
	}
}

// providerLinkUses are what a Rust host with a connection for providers does on
// it itself. OTP hosts only hand its user on. Source: wasmCloud v0.78.0
// crates/host/src/wasmbus/mod.rs.
func providerLinkUses() []Use {
	rows := []Use{
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.linkdefs.*", Reason: "gives providers their links"},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.health", Reason: "asks providers whether they are well"},
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*.*.shutdown", Reason: "stops providers"},
	}
	for i := range rows {
		rows[i].rust = everyRust().until(0, 80, last)
	}
	return rows
}

// everyMessage is what a provider hears: calls, links, whether it is well, that
// it is to stop.
const everyMessage = "wasmbus.rpc.{lattice}.{provider}.>"

// providerUses are those of a provider. Source: wasmCloud v0.78.0, v0.82.0,
// v1.0.0 and v1.9.2 crates/provider-sdk/src/provider.rs.
func providerUses() []Use {
	old := func(subject, reason string) Use { return hears(subject, everyMessage, reason, everyOTP(), oldRust()) }
	return []Use{
		old("wasmbus.rpc.{lattice}.{provider}.*", "calls of actors"),
		old("wasmbus.rpc.{lattice}.{provider}.*.linkdefs.*", "its links"),
		old("wasmbus.rpc.{lattice}.{provider}.*.health", "whether it is well"),
		old("wasmbus.rpc.{lattice}.{provider}.*.shutdown", "that it is to stop"),
		{Action: Publish, Subject: "wasmbus.rpc.{lattice}.*", Reason: "calls actors", otp: everyOTP(), rust: oldRust()},
		{Action: Respond, Reason: "answers to calls and to the host", otp: everyOTP(), rust: oldRust()},
		{Action: Subscribe, Subject: inbox, Reason: "answers to its calls", otp: everyOTP(), rust: everyRust()},

		hears("wasmbus.rpc.{lattice}.{provider}.linkdefs.*", everyMessage, "its links", nil, newRust()),
		hears("wasmbus.rpc.{lattice}.{provider}.health", everyMessage, "whether it is well", nil, newRust()),
		hears("wasmbus.rpc.{lattice}.{provider}.*.shutdown", everyMessage, "that it is to stop", nil, newRust()),
		hears("wasmbus.rpc.{lattice}.{provider}.config.update", everyMessage, "its configuration", nil, since(1, 2, 0)),
		hears("{lattice}.{provider}.wrpc.>", "", "calls of components", nil, newRust()),
		{Action: Publish, Subject: "{lattice}.*.wrpc.>", Reason: "calls components", rust: newRust()},
		{Action: Publish, Subject: inbox, Reason: "parameters and results of calls, which wRPC sends to inboxes", rust: newRust()},
	}
}
