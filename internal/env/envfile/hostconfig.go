package envfile

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// configVariable is the variable that a key of host_config.json stands for. False:
// an OTP host does not look at the key; it writes some that it does not read. A key
// that is nearly one it reads is given as one, to be found out. Source:
// wasmcloud-otp v0.63.2 config_plan.ex, json_bindings.
func configVariable(key string) (string, bool) {
	switch key {
	case "provider_delay":
		return "WASMCLOUD_PROV_SHUTDOWN_DELAY_MS", true
	case "allow_latest", "allowed_insecure":
		return "WASMCLOUD_OCI_" + strings.ToUpper(key), true
	case "config_service_enabled":
		return "WASMCLOUD_CONFIG_SERVICE", true
	}
	plain := strings.Fields(`lattice_prefix host_seed rpc_host rpc_port rpc_seed rpc_timeout_ms rpc_jwt rpc_tls prov_rpc_host prov_rpc_port
		prov_rpc_seed prov_rpc_tls prov_rpc_jwt ctl_host ctl_port ctl_seed ctl_jwt ctl_tls ctl_topic_prefix cluster_seed cluster_issuers
		js_domain structured_logging_enabled structured_log_level enable_ipv6 policy_topic policy_changes_topic policy_timeout`)
	_, similar := lattice.Similar(key, plain)
	return "WASMCLOUD_" + strings.ToUpper(key), similar || slices.Contains(plain, key)
}
