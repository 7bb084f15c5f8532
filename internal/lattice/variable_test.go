package lattice

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckVariable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"A", "_", "rust_log", "WASMCLOUD_LOG_LEVEL", "WASMCLOUD_RPC_TIMEOUT_MS", "HOST_zone", "HOST_CONFIG", "PATH", "LATCHES"} {
		if err := CheckVariable(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"":                                 "no name of a variable",
		"1A":                               "no name of a variable",
		"A-B":                              "no name of a variable",
		"A=B":                              "no name of a variable",
		"É":                                "no name of a variable",
		"LATCH_KEYSTORE":                   "of latch itself",
		"latch_x":                          "of latch itself",
		"WASMCLOUD_LATTICE":                "latch writes",
		"wasmcloud_lattice_prefix":         "latch writes",
		"WASMCLOUD_CLUSTER_SEED":           "latch writes",
		"WASMCLOUD_PROV_RPC_HOST":          "latch writes",
		"WASMCLOUD_CTL_CREDS":              "latch writes",
		"HOST_latch_host":                  "latch writes",
		"WASMCLOUD_LABEL_LATCH_GENERATION": "latch writes",
		"WASMCLOUD_HOST_SEED":              "a secret",
		"OCI_REGISTRY_PASSWORD":            "a secret",
	} {
		if err := CheckVariable(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", name, err, want)
		}
	}
	seed := string(testSeed(9).Reveal())
	if err := CheckVariable(seed); !errors.Is(err, ErrExposedSeed) || leaks(err.Error(), seed) {
		t.Error("a seed is taken for a name, or repeated")
	}
}

// variableRefusals replace the target of the sample's second host by variables.
func variableRefusals() []refusal {
	var all []refusal
	for _, c := range []struct {
		env  string
		want []string
	}{
		{"{}", nil},
		{"{A: b, C: \"\"}", nil},
		{"[A]", []string{"19:10: hosts[1].env: must hold variables (NAME: value), not a list"}},
		{"", []string{"19:9: hosts[1].env: must hold variables (NAME: value), not nothing"}},
		{"{A: 1}", []string{"19:14: hosts[1].env.A: must be a text, but YAML reads it as a number"}},
		{"{A: {b: c}}", []string{"19:14: hosts[1].env.A: must be a text, not a mapping"}},
		{"{A: \"\\0\"}", []string{"19:14: hosts[1].env.A: no environment holds the character NUL"}},
		{"{A: b, a: c}", []string{"19:17: hosts[1].env: a is set above, as A"}},
		{"{WASMCLOUD_JS_DOMAIN: hub}", []string{"19:11: hosts[1].env: latch writes WASMCLOUD_JS_DOMAIN itself"}},
		{"{WASMCLOUD_HOST_SEED: x}", []string{"19:11: hosts[1].env: the value of WASMCLOUD_HOST_SEED is a secret"}},
	} {
		all = append(all, refusal{c.env, "    target: otp", "    env: " + c.env, c.want})
	}
	return all
}

func TestDecodeRefusesVariables(t *testing.T) {
	t.Parallel()
	for _, c := range variableRefusals() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode("lattice.yaml", []byte(fill(strings.Replace(sample, c.old, c.new, 1))))
			expect(t, err, c.want)
		})
	}
	seed := string(testSeed(9).Reveal())
	_, err := Decode("lattice.yaml", []byte(fill(strings.Replace(sample, "    target: otp", "    env: {A: "+seed+"}", 1))))
	if !errors.Is(err, ErrExposedSeed) || leaks(err.Error(), seed) {
		t.Error("a seed is taken for a value, or repeated")
	}
}
