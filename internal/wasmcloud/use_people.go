package wasmcloud

// operatorUses are the commands of somebody who runs the lattice, as wash gives
// them.
func operatorUses() []Use {
	return []Use{
		{Action: Publish, Subject: "{ctl}.{lattice}.>", Reason: "asks hosts and gives them commands", otp: everyOTP(), rust: oldRust()},
		{Action: Publish, Subject: "{ctl}.v1.{lattice}.>", Reason: "asks hosts and gives them commands", rust: newRust()},
	}
}

// observerUses are questions that change nothing, and the events. Source: as
// controlUses; wasmCloud v1.0.0 crates/control-interface/src/broker.rs.
func observerUses() []Use {
	asks := func(subject, reason string, otp, rust spans) Use {
		return Use{Action: Publish, Subject: subject, Reason: reason, otp: otp, rust: rust}
	}
	return []Use{
		asks("{ctl}.{lattice}.ping.hosts", "asks which hosts are there", everyOTP(), oldRust()),
		asks("{ctl}.{lattice}.get.*", "asks for links and claims", everyOTP(), oldRust()),
		asks("{ctl}.{lattice}.get.*.inv", "asks hosts what they run", everyOTP(), oldRust()),
		asks("{ctl}.{lattice}.get.config.>", "asks for configuration", nil, since(0, 81, 0).until(0, 82, last)),
		asks("{ctl}.v1.{lattice}.host.ping", "asks which hosts are there", nil, newRust()),
		asks("{ctl}.v1.{lattice}.host.get.*", "asks hosts what they run", nil, newRust()),
		asks("{ctl}.v1.{lattice}.link.get", "asks for links", nil, newRust()),
		asks("{ctl}.v1.{lattice}.claims.get", "asks for claims", nil, newRust()),
		asks("{ctl}.v1.{lattice}.config.get.*", "asks for configuration", nil, newRust()),
		hears("wasmbus.evt.{lattice}", "", "events", everyOTP(), oldRust()),
		hears("wasmbus.evt.{lattice}.*", "", "events, by kind", nil, since(0, 81, 0)),
	}
}

// askingUses are those of whoever asks.
func askingUses() []Use {
	return everywhere([]Use{{Action: Subscribe, Subject: inbox, Reason: "answers"}})
}

// everyCall is every invocation of the lattice before 1.0, and what hosts say to
// providers.
const everyCall = "wasmbus.rpc.{lattice}.>"

// latchUses are what latch does beyond looking at hosts.
func latchUses() []Use {
	rows := everywhere([]Use{
		{Action: Publish, Subject: "$SYS.REQ.USER.INFO", Reason: "asks the server what it may do itself"},
		{Action: Publish, Subject: everyCall, Reason: "calls an actor, to see whether hosts accept each other", Option: Probe},
		{Action: Subscribe, Subject: everyCall, Reason: "invocations, to be judged", Option: Tap},
	})
	rows = append(rows, otherHostUses()...)
	for _, store := range []struct{ stream, subjects string }{
		{cacheStream, "lc.{lattice}.>"},
		{dataStream, "{kv}." + latticeData + "{lattice}.>"},
		{configStream, "{kv}." + configData + "{lattice}.>"},
		{chunkStream, "$O.{lattice}.>"},
	} {
		rows = append(rows, streamUses(store.stream, store.subjects)...)
	}
	return rows
}

// otherHostUses are how latch makes sure that no host of another version runs than
// those that the lattice should have.
func otherHostUses() []Use {
	return []Use{
		{Action: Publish, Subject: "{ctl}.{lattice}.ping.hosts", Reason: "asks which hosts before 1.0 are there", rust: newRust()},
		{Action: Publish, Subject: "{ctl}.v1.{lattice}.host.ping", Reason: "asks which hosts from 1.0 on are there", otp: everyOTP(), rust: oldRust()},
		{Action: Subscribe, Subject: "wasmbus.evt.{lattice}", Reason: "hears hosts before 1.0 that answer nothing", Option: Purge, rust: newRust()},
		{Action: Subscribe, Subject: "wasmbus.evt.{lattice}.*", Reason: "hears later hosts that answer nothing", Option: Purge, otp: everyOTP(), rust: since(0, 78, 0).until(0, 80, last)},
	}
}

// streamUses are how latch looks at a stream of the cache, copies and empties it, and
// puts back what was in it: at all of them, whichever hosts made them.
func streamUses(stream, subjects string) []Use {
	return everywhere([]Use{
		{Action: Publish, Subject: "{api}.STREAM.INFO." + stream, Reason: "looks at the cache"},
		{Action: Publish, Subject: "{api}.STREAM.MSG.GET." + stream, Reason: "copies the cache", Option: Purge},
		{Action: Publish, Subject: "{api}.STREAM.PURGE." + stream, Reason: "empties the cache", Option: Purge},
		{Action: Publish, Subject: "{api}.STREAM.CREATE." + stream, Reason: "makes a stream of the cache that is gone", Option: Purge},
		{Action: Publish, Subject: subjects, Reason: "puts back what was in the cache", Option: Purge},
	})
}
