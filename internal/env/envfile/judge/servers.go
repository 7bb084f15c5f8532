package judge

import (
	"net/netip"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// servers judges where the host looks for NATS: on each connection, and whether
// all of them lead to the same topics.
func (h *host) servers() {
	for _, c := range wasmcloud.Connections() {
		if e, ok := h.get(c.Host); ok {
			h.server(e)
		}
	}
	h.providers()
	rpc, ctl := wasmcloud.RPC.Variables(), wasmcloud.Control.Variables()
	if a, b := h.reaches(rpc), h.reaches(ctl); a != "" && b != "" && a != b {
		e := h.entry(ctl.Host)
		if !h.has(ctl.Host) {
			e = h.entry(rpc.Host)
		}
		h.at(e, finding.Warning, RuleServersDiffer, h.Name+" is called on one server and commanded on another: right only where both are of one NATS system",
			"give "+rpc.Host+" and "+ctl.Host+" the same value")
	}
	if h.isOn(rpc.TLS) != h.isOn(ctl.TLS) {
		e := h.entry(rpc.TLS)
		if h.isOn(ctl.TLS) {
			e = h.entry(ctl.TLS)
		}
		h.at(e, finding.Warning, RuleTLSDiffers, h.Name+" uses TLS for one of its connections and not for the other: a server takes one or the other", "set "+rpc.TLS+" and "+ctl.TLS+" alike")
	}
}

// reaches is the server of a connection, "" where it is not known. Without one a
// Rust host takes the default of its connections, and an OTP host its own machine.
func (h *host) reaches(c wasmcloud.Connection) string {
	for _, name := range []string{c.Host, "NATS_HOST", "WASMCLOUD_NATS_HOST"} {
		if h.has(name) && (name == c.Host || !h.Target.IsOTP()) {
			return h.value(name)
		}
	}
	return "127.0.0.1"
}

// value is a variable's value as a text, "" where it is not known.
func (h *host) value(name string) string {
	e, ok := h.get(name)
	if !ok {
		return ""
	}
	return text(e)
}

// isOn reports whether a switch is on, in whatever form.
func (h *host) isOn(name string) bool {
	value := h.value(name)
	return value == "1" || strings.EqualFold(value, "true")
}

// server judges one name or address. A real Rust host 0.82 exits on all of these.
func (h *host) server(e hostenv.Entry) {
	value := string(e.Value())
	what, hint := "", "write the server's name or address alone"
	_, tail, colon := strings.Cut(value, ":")
	address, err := netip.ParseAddr(value)
	bare := err == nil && address.Is6()
	bracketed := strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]")
	switch {
	case strings.Contains(value, "://"):
		what = "is a URL, where the name of a server belongs"
	case strings.ContainsAny(value, ", \t\r\n"):
		what = "is not the name of one server"
	case strings.ContainsAny(value, "/@"):
		what = "holds what is no part of a name"
	case bare && h.isRust():
		what, hint = "is an IPv6 address without brackets, which a Rust host takes for a name and a port", "write ["+value+"]"
	case bracketed && h.Target.IsOTP():
		what, hint = "is an IPv6 address in brackets, which an OTP host does not take", "write it without brackets"
	case bare || bracketed:
	case colon:
		what, hint = "has a port behind the name", "put "+safePort(tail)+" into "+strings.TrimSuffix(e.Name, "_HOST")+"_PORT"
	}
	if what != "" {
		h.at(e, finding.Error, RuleServer, e.Name+" "+what+": the host does not reach it", hint)
	}
}

// safePort is a port for people, or what can be said of something else.
func safePort(text string) string {
	if len(text) > 5 || strings.Trim(text, "0123456789") != "" {
		return "the port"
	}
	return text
}

// providers finds a host whose providers look for NATS on their own machine,
// while the host does so elsewhere. Source: config_plan.ex in wasmcloud-otp
// v0.63.2, whose default is 127.0.0.1; wasmCloud v0.78.0 src/main.rs, which falls
// back to NATS_HOST, and exits where nothing answers there.
func (h *host) providers() {
	rpc, own := wasmcloud.RPC.Variables(), wasmcloud.ProviderRPC.Variables()
	server := h.value(rpc.Host)
	if !h.Target.ReadsProviderRPC() || h.has(own.Host) || server == "" || isLocal(server) {
		return
	}
	e, _ := h.Lookup(rpc.Host)
	fallback := h.value("NATS_HOST")
	switch {
	case h.Target.IsOTP():
		h.at(e, finding.Warning, RuleProviders, own.Host+" is not set: providers connect to 127.0.0.1, not to the server that the host uses", "set "+own.Host+" to the same value")
	case fallback == "":
		h.at(e, finding.Error, RuleProviders, own.Host+" is not set: the host looks for NATS on 127.0.0.1 too, and exits where there is none", "set "+own.Host+" to the same value")
	case fallback != server:
		h.at(e, finding.Warning, RuleProviders, own.Host+" is not set: providers connect to NATS_HOST, not to the server that the host uses", "set "+own.Host+" to the same value")
	}
}

func isLocal(server string) bool {
	address, err := netip.ParseAddr(strings.Trim(server, "[]"))
	return server == "localhost" || err == nil && (address.IsLoopback() || address.IsUnspecified())
}
