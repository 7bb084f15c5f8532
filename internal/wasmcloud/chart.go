package wasmcloud

// ChartValue is where a variable's value stands in the values of a Helm chart,
// below wasmcloud.config.
type ChartValue struct {
	Variable string // that the chart sets from it; a label's ends in *
	Group    string // the mapping that it stands in, "" for the config itself
	Key      string // "" where every key of the group is a label
	Literal  bool   // true or false, rather than a text
}

// ChartValues lists the values of the chart that runs hosts of the target:
// wasmcloud_host 0.6 for OTP and 0.7 for Rust hosts with cluster keys. Source: the
// env blocks of wasmcloud-otp v0.63.2 wasmcloud_host/chart and of wasmCloud
// chart-v0.7.2 chart, templates/deployment.yaml.
func (t Target) ChartValues() []ChartValue {
	switch {
	case t.IgnoresClusterKeys():
		return nil
	case t.IsOTP():
		return otpChart()
	}
	return rustChart()
}

// chartLabels is the group of the labels, in either chart.
const chartLabels = "hostLabels"

func otpChart() []ChartValue {
	rpc, ctl, prov := RPC.Variables(), Control.Variables(), ProviderRPC.Variables()
	return []ChartValue{
		{Variable: LatticePrefix, Key: "latticePrefix"},
		{Variable: ClusterIssuers, Key: "clusterIssuers"},
		{Variable: ClusterSeed, Key: "clusterSeed"},
		{Variable: JetStreamDomain, Key: "jetstreamDomain"},
		{Variable: rpc.Host, Key: "rpcNatsHost"},
		{Variable: rpc.Port, Key: "rpcNatsPort"},
		{Variable: rpc.JWT, Key: "rpcJWT"},
		{Variable: rpc.Seed, Key: "rpcSeed"},
		{Variable: ctl.Host, Key: "controlNatsHost"},
		{Variable: ctl.Port, Key: "controlNatsPort"},
		{Variable: ctl.JWT, Key: "ctlJWT"},
		{Variable: ctl.Seed, Key: "ctlSeed"},
		{Variable: prov.Host, Key: "providerNatsHost"},
		{Variable: prov.Port, Key: "providerNatsPort"},
		{Variable: prov.JWT, Key: "providerRpcJWT"},
		{Variable: prov.Seed, Key: "providerRpcSeed"},
		{Variable: rpcTimeout, Key: "rpcTimeout"},
		{Variable: shutdownDelay, Key: "providerShutdownDelay"},
		{Variable: OldLabel + "*", Group: chartLabels},
	}
}

func rustChart() []ChartValue {
	rpc, ctl := RPC.Variables(), Control.Variables()
	return []ChartValue{
		{Variable: LatticePrefix, Key: "latticePrefix"},
		{Variable: ClusterIssuers, Key: "clusterIssuers"},
		{Variable: ClusterSeed, Key: "clusterSeed"},
		{Variable: JetStreamDomain, Key: "jetstreamDomain"},
		{Variable: rpc.Host, Group: "rpc", Key: "natsHost"},
		{Variable: rpc.Port, Group: "rpc", Key: "natsPort"},
		{Variable: rpc.TLS, Group: "rpc", Key: "tls", Literal: true},
		{Variable: rpc.JWT, Group: "rpc", Key: "natsJwt"},
		{Variable: rpc.Seed, Group: "rpc", Key: "natsSeed"},
		{Variable: ctl.Host, Group: "control", Key: "natsHost"},
		{Variable: ctl.Port, Group: "control", Key: "natsPort"},
		{Variable: ctl.TLS, Group: "control", Key: "tls", Literal: true},
		{Variable: ctl.JWT, Group: "control", Key: "natsJwt"},
		{Variable: ctl.Seed, Group: "control", Key: "natsSeed"},
		{Variable: CtlTopicPrefix, Group: "control", Key: "topicPrefix"},
		{Variable: shutdownDelay, Key: "providerShutdownDelay"},
		{Variable: allowedInsecure, Key: "ociAllowedInsecure"},
		{Variable: logLevel, Group: "logging", Key: "logLevel"},
		{Variable: Label + "*", Group: chartLabels}, // of 0.79.1 and later
	}
}
