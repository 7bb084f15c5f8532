package wasmcloud

import "github.com/latch-keys/latch/internal/keys"

const (
	jwtForm  = "a JWT, eyJ…"
	userForm = "a seed, SU…"
	boolForm = "true or false"
)

// connectionVariables are those by which a host reaches NATS, for each purpose.
func connectionVariables() []Variable {
	var all []Variable
	for _, p := range Purposes() {
		all = append(all, variablesOf(p)...)
	}
	return all
}

func variablesOf(p Purpose) []Variable {
	name, use := p.Variables(), p.use()
	rust, tls := everyRust(), "true or false; for otp-0.51 1 or 0"
	if p == ProviderRPC {
		rust, tls = everyRust().until(0, 80, last), "true or false; for OTP hosts 1 or 0"
	}
	rows := []Variable{
		{Name: name.Host, Meaning: "the NATS server for " + use, Form: "a name or an address; for Rust hosts IPv6 in brackets", otp: everyOTP(), rust: rust},
		{Name: name.Port, Meaning: "its port", Form: "a number", otp: everyOTP(), rust: rust},
		{Name: name.TLS, Meaning: "whether to connect by TLS", Form: tls, otp: since(0, 50, 1), rust: rust},
		{
			Name: name.JWT, Meaning: "the NATS user's JWT for " + use + "; useless to a host without the seed",
			Form: jwtForm, Sensitivity: Confidential, otp: everyOTP(), rust: rust,
		},
		{
			Name: name.Seed, Meaning: "the NATS user's seed for " + use + "; Rust hosts demand a JWT beside it",
			Form: userForm, Sensitivity: Secret, Key: seedOf(keys.User), otp: everyOTP(), rust: rust,
		},
	}
	if name.Creds == "" {
		return rows
	}
	return append(rows, Variable{
		Name: name.Creds, Meaning: "the NATS user's credentials file for " + use, Form: "a path", rust: since(1, 2, 1),
	})
}

// defaultConnectionVariables are what Rust hosts take for the connections that
// nothing else is said of.
func defaultConnectionVariables() []Variable {
	const instead = "; latch writes those of rpc and ctl, whose names are the same in every version"
	return []Variable{
		{Name: "NATS_HOST", Meaning: "the NATS server for rpc and ctl" + instead, Form: "a name or an address", rust: clusterRust()},
		{Name: "NATS_PORT", Meaning: "its port", Form: "a number", rust: clusterRust()},
		{Name: "NATS_JWT", Meaning: "the NATS user's JWT" + instead, Form: jwtForm, Sensitivity: Confidential, rust: everyRust().until(0, 80, last)},
		{
			Name: "NATS_SEED", Meaning: "the NATS user's seed" + instead, Form: userForm, Sensitivity: Secret, Key: seedOf(keys.User),
			rust: everyRust().until(0, 80, last),
		},
		{Name: "WASMCLOUD_NATS_HOST", Meaning: "the NATS server for rpc and ctl" + instead, Form: "a name or an address", rust: since(1, 0, 0)},
		{Name: "WASMCLOUD_NATS_PORT", Meaning: "its port", Form: "a number", rust: since(1, 0, 0)},
		{Name: "WASMCLOUD_NATS_JWT", Meaning: "the NATS user's JWT" + instead, Form: jwtForm, Sensitivity: Confidential, rust: since(0, 81, 0)},
		{
			Name: MisspeltNATSSeed, Meaning: "the NATS user's seed, so misspelt from 0.81 to 1.1" + instead,
			Form: userForm, Sensitivity: Secret, Key: seedOf(keys.User), rust: since(0, 81, 0).until(1, 1, 1),
		},
		{
			Name: NATSSeed, Meaning: "the NATS user's seed, so spelt from 1.2" + instead,
			Form: userForm, Sensitivity: Secret, Key: seedOf(keys.User), rust: since(1, 2, 0),
		},
		{Name: "WASMCLOUD_NATS_CREDS", Meaning: "the NATS user's credentials file" + instead, Form: "a path", rust: since(1, 2, 1)},
	}
}
