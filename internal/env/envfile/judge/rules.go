package judge

import (
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
)

// The rules of what hosts make of values. The values are stable: scripts match
// them.
const (
	RuleNothing        finding.Rule = "no_variables"
	RuleSeedMissing    finding.Rule = "seed_missing"
	RuleSeed           finding.Rule = "cluster_seed"
	RuleUselessIssuers finding.Rule = "issuers_without_seed"
	RuleIssuersMissing finding.Rule = "issuers_missing"
	RuleIssuer         finding.Rule = "issuer"
	RuleSeparator      finding.Rule = "issuer_separator"
	RuleIssuerTwice    finding.Rule = "issuer_twice"
	RuleOwnKey         finding.Rule = "own_key_missing"
	RuleExposed        finding.Rule = "seed_exposed"
	RuleHostSeed       finding.Rule = "host_seed"
	RuleLabelLeak      finding.Rule = "host_seed_label"

	RulePrefixMissing  finding.Rule = "prefix_missing"
	RulePrefixConflict finding.Rule = "prefix_conflict"
	RulePrefixUnread   finding.Rule = "prefix_unread"
	RuleTopicPrefix    finding.Rule = "topic_prefix"

	RuleUnknown finding.Rule = "unknown_variable"
	RuleUnread  finding.Rule = "unread_variable"

	RuleNATSSeed    finding.Rule = "nats_seed"
	RuleJWT         finding.Rule = "nats_jwt"
	RuleJWTMismatch finding.Rule = "nats_jwt_mismatch"
	RuleHalfLogin   finding.Rule = "credentials_incomplete"
	RuleLoginGap    finding.Rule = "credentials_missing"
	RuleNumber      finding.Rule = "number"
	RuleSwitch      finding.Rule = "tls_form"
	RuleBoolean     finding.Rule = "switch_form"
	RuleLevel       finding.Rule = "log_level"
	RuleNeeds       finding.Rule = "needs_another"

	RuleServer        finding.Rule = "nats_host"
	RuleProviders     finding.Rule = "provider_rpc_default"
	RuleServersDiffer finding.Rule = "servers_differ"
	RuleTLSDiffers    finding.Rule = "tls_differs"
	RuleAccounts      finding.Rule = "accounts_differ"

	RuleRefused       finding.Rule = "refused"
	RuleIssuersDiffer finding.Rule = "issuers_differ"
	RulePrefixDiffers finding.Rule = "prefix_differs"
	RuleTopicsDiffer  finding.Rule = "topic_prefix_differs"
	RuleDomainsDiffer finding.Rule = "js_domain_differs"
	RuleHostTwice     finding.Rule = "host_seed_shared"
	RuleMixedHosts    finding.Rule = "mixed_hosts"
)

// Rules lists every rule with what it is about, in one line.
func Rules() []finding.RuleText {
	return []finding.RuleText{
		{Rule: hostenv.RuleSyntax, Text: "the program that reads the file stops here, or skips the line"},
		{Rule: hostenv.RuleName, Text: "the text before the = is not the name of a variable"},
		{Rule: hostenv.RuleExport, Text: "the program does not know the word export"},
		{Rule: hostenv.RuleQuotes, Text: "the program keeps the quotes as part of the value"},
		{Rule: hostenv.RuleComment, Text: "the program reads the comment as part of the value"},
		{Rule: hostenv.RuleBlank, Text: "the program keeps the blank at the end of the value"},
		{Rule: hostenv.RuleLineEnd, Text: "the program keeps the carriage return at the end of the value"},
		{Rule: hostenv.RuleExpansion, Text: "the program replaces a $ and what follows"},
		{Rule: hostenv.RuleAmbiguous, Text: "programs that read env files do not agree on the value"},
		{Rule: hostenv.RuleTwice, Text: "a variable is set twice"},
		{Rule: hostenv.RuleMark, Text: "a byte order mark hides the first variable"},
		{Rule: hostenv.RuleEmpty, Text: "a variable has an empty value"},
		{Rule: hostenv.RuleArray, Text: "host_config.json has the issuers as a text, not as an array"},
		{Rule: hostenv.RuleType, Text: "a value is not a text"},
		{Rule: hostenv.RuleBase64, Text: "the data of a Secret is not base64"},
		{Rule: hostenv.RuleEnvFile, Text: "a file or object that a service, a unit or a pod takes variables from is missing"},
		{Rule: hostenv.RuleNotJudged, Text: "latch cannot read this part, and so cannot judge the host"},
		{Rule: hostenv.RuleReadable, Text: "others can read a file that holds a seed"},
		{Rule: RuleNothing, Text: "the file sets no variable that a host reads"},
		{Rule: RuleSeedMissing, Text: "without a cluster seed the host makes up a key that nobody accepts"},
		{Rule: RuleSeed, Text: "hosts do not accept the cluster seed"},
		{Rule: RuleUselessIssuers, Text: "issuers without a seed: the host signs with a key that nobody accepts"},
		{Rule: RuleIssuersMissing, Text: "without issuers the host accepts only its own key"},
		{Rule: RuleIssuer, Text: "an issuer is not a cluster public key, so it matches nothing"},
		{Rule: RuleSeparator, Text: "issuers are separated by something other than commas"},
		{Rule: RuleIssuerTwice, Text: "an issuer is listed twice"},
		{Rule: RuleOwnKey, Text: "the host's own key is not among its issuers"},
		{Rule: lattice.RulePublishedKey, Text: "the seed of a key is published: anyone can sign with it"},
		{Rule: RuleExposed, Text: "a seed is in a place where it is not kept secret"},
		{Rule: RuleHostSeed, Text: "hosts do not accept the host seed"},
		{Rule: RuleLabelLeak, Text: "wasmCloud 0.79.0 publishes the host seed as a label"},
		{Rule: lattice.RulePrefix, Text: "the lattice prefix is not one clean NATS token"},
		{Rule: RulePrefixMissing, Text: "without a lattice the host joins the one called default"},
		{Rule: RulePrefixConflict, Text: "the two names of the lattice variable have different values"},
		{Rule: RulePrefixUnread, Text: "the host does not read the variable that names the lattice"},
		{Rule: RuleTopicPrefix, Text: "the control topic prefix does not have two tokens"},
		{Rule: lattice.RuleIgnored, Text: "hosts of the target ignore cluster keys"},
		{Rule: RuleUnknown, Text: "no host reads the variable, but its name is close to one that hosts read"},
		{Rule: RuleUnread, Text: "these hosts do not read the variable"},
		{Rule: RuleNATSSeed, Text: "a NATS seed is not a seed"},
		{Rule: RuleJWT, Text: "a host cannot log in with a NATS JWT"},
		{Rule: RuleJWTMismatch, Text: "a NATS JWT and its seed belong to different keys"},
		{Rule: RuleHalfLogin, Text: "a NATS JWT without its seed, or a seed without its JWT"},
		{Rule: RuleLoginGap, Text: "some NATS connections have credentials and others do not"},
		{Rule: RuleNumber, Text: "a value should be a number"},
		{Rule: RuleSwitch, Text: "the host does not accept a TLS switch in this form"},
		{Rule: RuleBoolean, Text: "the host does not accept another switch in this form"},
		{Rule: RuleLevel, Text: "the host does not know the log level"},
		{Rule: RuleNeeds, Text: "a variable is set without another one that it needs"},
		{Rule: RuleServer, Text: "a URL, a port or a list stands where the name of a NATS server belongs"},
		{Rule: RuleProviders, Text: "providers look for NATS on their own machine, the host elsewhere"},
		{Rule: RuleServersDiffer, Text: "a host is called on one NATS server and commanded on another"},
		{Rule: RuleTLSDiffers, Text: "TLS for one connection of a host and not for the other"},
		{Rule: RuleAccounts, Text: "a host is called in one NATS account and commanded in another"},
		{Rule: RuleRefused, Text: "one host refuses what another signs"},
		{Rule: RuleIssuersDiffer, Text: "hosts of one lattice accept different keys"},
		{Rule: RulePrefixDiffers, Text: "hosts that share keys are in different lattices"},
		{Rule: RuleTopicsDiffer, Text: "hosts of one lattice listen for control commands on different topics"},
		{Rule: RuleDomainsDiffer, Text: "hosts of one lattice keep its cache in different JetStream domains"},
		{Rule: RuleHostTwice, Text: "two hosts have one host key"},
		{Rule: RuleMixedHosts, Text: "hosts of one lattice are of versions that do not understand each other"},
	}
}
