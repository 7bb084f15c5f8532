package env

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// otpJSON is host_config.json, which OTP hosts read from the folder they are
// started in. Its names are those of the variables in short. Source:
// wasmcloud-otp v0.63.2 config_plan.ex, json_bindings.
type otpJSON struct{}

// Name is "otp-json".
func (otpJSON) Name() string { return "otp-json" }

// About says who reads it.
func (otpJSON) About() string {
	return "OTP hosts from 0.51, as host_config.json in the folder they start in; without labels"
}

// Extension is ".host_config": the file is to be renamed, or linked to.
func (otpJSON) Extension() string { return ".host_config" }

// Render refuses other targets than OTP, and variables that such a host reads
// from its environment only. The labels are among these and are left out, since
// nothing depends on them.
func (d otpJSON) Render(e Environment, show Secrets) ([]byte, error) {
	if !e.Target.IsOTP() {
		return nil, &problem{
			cause:   ErrUnfit,
			message: fmt.Sprintf("host %q has target %s, whose hosts read no host_config.json", e.Host, e.Target),
			hint:    "only OTP hosts do; choose another dialect",
		}
	}
	known, members := otpMembers(), members{}
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		member, found := known[a.Name]
		if !found {
			return uncarried(d, a, "an OTP host reads it from its environment only", "host_config.json has no place for it")
		}
		if member.form == otpLeftOut {
			return nil
		}
		text, err := member.form.text(d, a, value)
		members.add(member.key, text)
		return err
	})
	return members.object(err)
}

// otpForm is the type of a member of host_config.json.
type otpForm int

const (
	otpText otpForm = iota
	otpLiteral
	otpList
	otpLeftOut
)

// text gives the value in the form, for the caller to clear.
func (f otpForm) text(d Dialect, a Assignment, value []byte) ([]byte, error) {
	switch f {
	case otpLiteral:
		number := len(value) > 0 && len(bytes.Trim(value, "0123456789")) == 0 && (value[0] != '0' || len(value) == 1)
		if !number && string(value) != "true" && string(value) != "false" {
			return nil, uncarried(d, a, "", "it is neither a number nor true or false")
		}
		return bytes.Clone(value), nil
	case otpList:
		out := []byte("[")
		for i, item := range bytes.Split(value, []byte(",")) {
			text, err := jsonText(d, a, item)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out = append(out, ", "...)
			}
			out = append(out, text...)
		}
		return append(out, ']'), nil
	default:
		return jsonText(d, a, value)
	}
}

// otpMember is a member of host_config.json that stands for a variable.
type otpMember struct {
	key  string
	form otpForm
}

// otpMembers gives them by the variable's name.
func otpMembers() map[string]otpMember {
	all := map[string]otpMember{
		"HOST_latch_host":                  {"", otpLeftOut},
		"HOST_latch_generation":            {"", otpLeftOut},
		"WASMCLOUD_LATTICE_PREFIX":         {"lattice_prefix", otpText},
		"WASMCLOUD_CLUSTER_ISSUERS":        {"cluster_issuers", otpList},
		"WASMCLOUD_CLUSTER_SEED":           {"cluster_seed", otpText},
		"WASMCLOUD_JS_DOMAIN":              {"js_domain", otpText},
		"WASMCLOUD_CTL_TOPIC_PREFIX":       {"ctl_topic_prefix", otpText},
		"WASMCLOUD_RPC_TIMEOUT_MS":         {"rpc_timeout_ms", otpLiteral},
		"WASMCLOUD_PROV_SHUTDOWN_DELAY_MS": {"provider_delay", otpLiteral},
		"WASMCLOUD_OCI_ALLOWED_INSECURE":   {"allowed_insecure", otpList},
		"WASMCLOUD_ENABLE_IPV6":            {"enable_ipv6", otpLiteral},
		"WASMCLOUD_POLICY_TOPIC":           {"policy_topic", otpText},
		"WASMCLOUD_POLICY_CHANGES_TOPIC":   {"policy_changes_topic", otpText},
		"WASMCLOUD_POLICY_TIMEOUT":         {"policy_timeout", otpLiteral},
	}
	for _, p := range lattice.Purposes() {
		variable := "WASMCLOUD_" + strings.ToUpper(p.String()) + "_"
		for _, field := range []string{"HOST", "JWT", "SEED"} {
			all[variable+field] = otpMember{p.String() + "_" + strings.ToLower(field), otpText}
		}
		for _, field := range []string{"PORT", "TLS"} {
			all[variable+field] = otpMember{p.String() + "_" + strings.ToLower(field), otpLiteral}
		}
	}
	return all
}
