package wasmcloud

// logVariables are about the log.
func logVariables() []Variable {
	const rustLevels = "debug, info, warn, error; Rust hosts also trace"
	return []Variable{
		{Name: "WASMCLOUD_STRUCTURED_LOGGING_ENABLED", Meaning: "log as JSON", Form: boolForm, otp: since(0, 54, 0), rust: everyRust()},
		{Name: "WASMCLOUD_STRUCTURED_LOG_LEVEL", Meaning: "what is logged", Form: "debug, info, warn, error", otp: since(0, 54, 0)},
		{Name: logLevel, Meaning: "what is logged", Form: rustLevels, otp: since(0, 63, 0), rust: everyRust()},
	}
}

// telemetryVariables are about what a host tells of itself to an OpenTelemetry
// collector. A URL may hold a password.
func telemetryVariables() []Variable {
	const form = "a URL"
	enabled := func(name, what string) Variable {
		return Variable{Name: "WASMCLOUD_" + name + "_ENABLED", Meaning: "send " + what + " to the collector", Form: boolForm, rust: since(1, 0, 0)}
	}
	endpoint := func(name, what string) Variable {
		return Variable{
			Name: "OTEL_EXPORTER_OTLP_" + name + "_ENDPOINT", Meaning: "the collector for " + what, Form: form, Sensitivity: Confidential,
			rust: since(1, 3, 0),
		}
	}
	return []Variable{
		{
			Name: "OTEL_EXPORTER_OTLP_ENDPOINT", Meaning: "the OpenTelemetry collector", Form: form, Sensitivity: Confidential,
			rust: append(clusterRust(), since(1, 3, 0)...),
		},
		{Name: "OTEL_TRACES_EXPORTER", Meaning: "otlp sends traces to the collector", Form: "otlp", rust: clusterRust()},
		endpoint("LOGS", "logs"), endpoint("METRICS", "metrics"), endpoint("TRACES", "traces"),
		enabled("OBSERVABILITY", "logs, metrics and traces"), enabled("LOGS", "logs"), enabled("METRICS", "metrics"), enabled("TRACES", "traces"),
		{Name: "WASMCLOUD_OBSERVABILITY_PROTOCOL", Meaning: "how the collector is spoken to", Form: "grpc or http", rust: since(1, 1, 0)},
		{Name: "WASMCLOUD_TRACE_LEVEL", Meaning: "what is traced", Form: "trace, debug, info, warn, error", rust: since(1, 1, 0)},
		{Name: "WASMCLOUD_FLAME_GRAPH", Meaning: "where to draw a flame graph", Form: "a path", rust: since(1, 1, 0)},
	}
}
