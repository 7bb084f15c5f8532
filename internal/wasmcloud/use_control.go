package wasmcloud

// everyCommand is what a host's user may hear where its key is not known
// beforehand, and v1Command the same from 1.0 on.
const (
	everyCommand = "{ctl}.{lattice}.>"
	v1Command    = "{ctl}.v1.{lattice}.>"
)

// controlUses are the control commands that a host hears. Source: wasmcloud-otp
// v0.50.0 host_core.ex, v0.63.2 lattice_supervisor.ex and virtual_host.ex;
// wasmCloud v0.82.0 and v1.0.0 crates/host/src/wasmbus/mod.rs.
func controlUses() []Use {
	return append(oldControlUses(), []Use{
		hears("{ctl}.v1.{lattice}.registry.put", v1Command, "credentials for registries", nil, newRust()),
		hears("{ctl}.v1.{lattice}.host.ping", v1Command, "pings", nil, newRust()),
		hears("{ctl}.v1.{lattice}.component.auction", v1Command, "auctions", nil, newRust()),
		hears("{ctl}.v1.{lattice}.provider.auction", v1Command, "auctions", nil, newRust()),
		hears("{ctl}.v1.{lattice}.*.auction", v1Command, "auctions", nil, since(1, 0, 0).until(1, 5, 0)),
		hears("{ctl}.v1.{lattice}.link.*", v1Command, "links", nil, newRust()),
		hears("{ctl}.v1.{lattice}.claims.get", v1Command, "questions for claims", nil, newRust()),
		hears("{ctl}.v1.{lattice}.config.>", v1Command, "configuration", nil, newRust()),
		hears("{ctl}.v1.{lattice}.component.*.{host}", v1Command, "commands to this host", nil, newRust()),
		hears("{ctl}.v1.{lattice}.provider.*.{host}", v1Command, "commands to this host", nil, newRust()),
		hears("{ctl}.v1.{lattice}.label.*.{host}", v1Command, "labels of this host", nil, newRust()),
		hears("{ctl}.v1.{lattice}.host.*.{host}", v1Command, "commands to this host", nil, newRust()),
		{Action: Respond, Reason: "answers to control commands", otp: everyOTP(), rust: everyRust()},
		{Action: Subscribe, Subject: inbox, Reason: "answers of JetStream, and what its consumers deliver", otp: everyOTP(), rust: everyRust()},
	}...)
}

// oldControlUses are those of hosts before 1.0.
func oldControlUses() []Use {
	recent := since(0, 81, 0).until(0, 82, last)
	return []Use{
		hears("{ctl}.{lattice}.registries.put", everyCommand, "credentials for registries", since(0, 52, 5), oldRust()),
		hears("{ctl}.{lattice}.ping.hosts", everyCommand, "pings", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.linkdefs.*", everyCommand, "links", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.get.*", everyCommand, "questions for links and claims", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.auction.>", everyCommand, "auctions", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.cmd.{host}.*", everyCommand, "commands to this host", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.get.{host}.inv", everyCommand, "questions for this host's inventory", everyOTP(), oldRust()),
		hears("{ctl}.{lattice}.labels.{host}.*", everyCommand, "labels of this host", nil, recent),
		hears("{ctl}.{lattice}.config.>", everyCommand, "configuration", nil, recent),
		hears("{ctl}.{lattice}.get.config.>", everyCommand, "questions for configuration", nil, recent),
		// The connection for control carries the invocations of actors too: wasmcloud-otp
		// v0.60.0 actor_rpc_supervisor.ex.
		hears("wasmbus.rpc.{lattice}.*", "", "invocations of actors, which OTP hosts from 0.60 on hear here", since(0, 60, 0), nil),
		// Without the underscore: wasmcloud-otp v0.60.0 application.ex.
		hears("INBOX.*", "", "the cache, as its consumer delivers it to OTP hosts from 0.60 on", since(0, 60, 0), nil),
	}
}

func hears(subject, within, reason string, otp, rust spans) Use {
	return Use{Action: Subscribe, Subject: subject, Within: within, Reason: reason, otp: otp, rust: rust}
}

// eventUses are the events that a host tells. Source: wasmCloud v0.81.0
// crates/host/src/wasmbus/event.rs; wasmcloud-otp v0.59.0 imports.ex.
func eventUses() []Use {
	return []Use{
		{Action: Publish, Subject: "wasmbus.evt.{lattice}", Reason: "events", otp: everyOTP(), rust: oldRust()},
		{Action: Publish, Subject: "wasmbus.evt.{lattice}.*", Reason: "events, by kind", rust: since(0, 81, 0)},
		{Action: Publish, Subject: "wasmbus.rpcevt.{lattice}", Reason: "events of invocations", otp: since(0, 59, 0)},
	}
}

// serviceUses are the services that a host asks, where they are turned on, all on
// its connection for control. Source: wasmCloud v0.82.0
// crates/host/src/wasmbus/mod.rs and policy.rs, v1.9.2 crates/secrets-client.
func serviceUses() []Use {
	return []Use{
		{Action: Publish, Subject: "wasmbus.cfg.{lattice}.req", Reason: "asks the config service", Option: ConfigService, otp: since(0, 52, 4), rust: everyRust()},
		{Action: Publish, Subject: "{policy}", Reason: "asks for policy decisions", Option: Policy, otp: since(0, 56, 0), rust: everyRust()},
		{Action: Subscribe, Subject: "{policy-changes}", Reason: "policy decisions that are taken back", Option: PolicyChanges, otp: since(0, 56, 0), rust: everyRust()},
		{Action: Publish, Subject: "{secrets}.*.*.get", Reason: "asks for secrets", Option: Secrets, rust: since(1, 1, 0)},
		{Action: Publish, Subject: "{secrets}.*.*.server_xkey", Reason: "asks for the key that secrets are sealed for", Option: Secrets, rust: since(1, 1, 0)},
	}
}
