package wasmcloud

// ConfigFile is the file that OTP hosts read from the folder they start in, from
// 0.51 on, and write with all they know.
const ConfigFile = "host_config.json"

// ConfigForm is the type of a member of ConfigFile.
type ConfigForm uint8

// The forms.
const (
	ConfigText    ConfigForm = iota
	ConfigLiteral            // a number, true or false
	ConfigList               // an array of texts, which the variable joins by commas
)

// ConfigMember is a member of ConfigFile that stands for a variable.
type ConfigMember struct {
	Variable string
	Key      string
	Form     ConfigForm
}

// ConfigMembers lists them. Source: wasmcloud-otp v0.63.2 config_plan.ex,
// json_bindings.
func ConfigMembers() []ConfigMember {
	all := []ConfigMember{
		{LatticePrefix, "lattice_prefix", ConfigText},
		{ClusterIssuers, "cluster_issuers", ConfigList},
		{ClusterSeed, "cluster_seed", ConfigText},
		{HostSeed, "host_seed", ConfigText},
		{JetStreamDomain, "js_domain", ConfigText},
		{CtlTopicPrefix, "ctl_topic_prefix", ConfigText},
		{rpcTimeout, "rpc_timeout_ms", ConfigLiteral},
		{shutdownDelay, "provider_delay", ConfigLiteral},
		{allowLatest, "allow_latest", ConfigLiteral},
		{allowedInsecure, "allowed_insecure", ConfigList},
		{enableIPv6, "enable_ipv6", ConfigLiteral},
		{PolicyTopic, "policy_topic", ConfigText},
		{PolicyChangesTopic, "policy_changes_topic", ConfigText},
		{policyTimeout, "policy_timeout", ConfigLiteral},
	}
	for _, p := range Purposes() {
		v, key := p.Variables(), p.String()
		all = append(all,
			ConfigMember{v.Host, key + "_host", ConfigText}, ConfigMember{v.Port, key + "_port", ConfigLiteral}, ConfigMember{v.TLS, key + "_tls", ConfigLiteral},
			ConfigMember{v.JWT, key + "_jwt", ConfigText}, ConfigMember{v.Seed, key + "_seed", ConfigText})
	}
	return all
}
