package invocation

import (
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// Target is whose verdict is asked for.
type Target string

// The verifiers.
const (
	OTP    Target = "otp"       // OTP hosts 0.50 to 0.63
	Rust   Target = "rust-0.82" // Rust hosts 0.78 to 0.82, which judge alike
	SDK    Target = "sdk"       // providers made with the Rust provider SDK 0.1 to 0.3
	Strict Target = "strict"    // all that wasmCloud's documentation promises
)

// Targets lists the verifiers, the strictest last.
func Targets() []Target { return []Target{OTP, Rust, SDK, Strict} }

// ParseTarget reads a verifier's name. The names of a manifest's targets are
// taken too: all OTP hosts judge alike, and so do all Rust hosts.
func ParseTarget(name string) (Target, error) {
	for _, t := range Targets() {
		if string(t) == name {
			return t, nil
		}
	}
	switch {
	case strings.HasPrefix(name, "otp-"):
		return OTP, nil
	case strings.HasPrefix(name, "rust-0."):
		return Rust, nil
	}
	return "", fault.New(fault.Usage, "no verifier is called %q", name).WithHint("one of otp, rust-0.82, sdk, strict")
}

// verifier is how a target reads messages and tokens, and what it checks, in
// its order.
type verifier struct {
	layout  layout
	segment func(string) ([]byte, error) // base64 of a token's parts
	checks  []check
}

func (t Target) verifier() verifier {
	switch t {
	case OTP:
		return verifier{otpLayout(), decodeLoosely, otpChecks()}
	case Rust:
		return verifier{rustLayout(), decodeSegment, rustChecks()}
	case SDK:
		return verifier{rustLayout(), decodeSegment, sdkChecks()}
	default:
		return verifier{rustLayout(), decodeSegment, strictChecks()}
	}
}
