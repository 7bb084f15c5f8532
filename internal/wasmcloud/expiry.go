package wasmcloud

// AtExpiry says what becomes of a host of the target when its NATS user expires. The
// server closes the connection then, and every client signs in with the credentials
// that it was started with. Source: nats-server v2.15 server/client.go;
// wasmcloud-otp v0.63 application.ex; wasmCloud v1.9 crates/host/src/wasmbus/mod.rs.
func (t Target) AtExpiry() string {
	what := "the server closes its connections, and it neither hears nor answers until it is restarted with new credentials"
	if t.ReadsProviderRPC() || t.IgnoresClusterKeys() {
		return what + "; its providers likewise"
	}
	return what
}
