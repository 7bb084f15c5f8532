package access

import "github.com/latch-keys/latch/internal/finding"

// The rules, in the order in which a connection meets them.
const (
	RuleCredentials  finding.Rule = "nats_credentials"
	RuleResolve      finding.Rule = "nats_resolve"
	RuleConnect      finding.Rule = "nats_connect"
	RuleTLS          finding.Rule = "nats_tls"
	RuleAuthenticate finding.Rule = "nats_authenticate"
	RuleSubscribe    finding.Rule = "nats_subscribe"
	RulePublish      finding.Rule = "nats_publish"
	RuleLost         finding.Rule = "nats_lost"
	RuleJetStream    finding.Rule = "nats_jetstream"
	RuleTopicSpace   finding.Rule = "nats_topic_space"
	RuleExceeds      finding.Rule = "nats_exceeds"
	RuleClock        finding.Rule = "nats_clock"
	RuleServer       finding.Rule = "nats_server"
	RuleNotTried     finding.Rule = "nats_not_tried"
)

// Rules says of each rule what it is about.
func Rules() []finding.RuleText {
	return []finding.RuleText{
		{Rule: RuleCredentials, Text: "the credentials that a host is given are at hand, and belong together"},
		{Rule: RuleResolve, Text: "the name of the server is known"},
		{Rule: RuleConnect, Text: "a server of NATS answers there"},
		{Rule: RuleTLS, Text: "the connection can be secured as the host is told"},
		{Rule: RuleAuthenticate, Text: "the server lets the user in"},
		{Rule: RuleSubscribe, Text: "the user may subscribe to what a host subscribes to"},
		{Rule: RulePublish, Text: "the user may publish to what a host publishes to"},
		{Rule: RuleLost, Text: "what the user sends arrives"},
		{Rule: RuleJetStream, Text: "JetStream answers in the domain that the host is told, and has a leader"},
		{Rule: RuleTopicSpace, Text: "all connections of the lattice reach one topic space"},
		{Rule: RuleExceeds, Text: "the user may do no more than its hosts need"},
		{Rule: RuleClock, Text: "the clocks of the servers are right"},
		{Rule: RuleServer, Text: "every server of the cluster lets the user in"},
		{Rule: RuleNotTried, Text: "everything could be looked at"},
	}
}
