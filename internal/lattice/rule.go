package lattice

import "fmt"

// Rule names what an error or a finding is about. The values are stable: scripts
// match them in JSON output.
type Rule string

// The rules that Decode enforces: a text that breaks one is no manifest.
const (
	RuleSyntax    Rule = "syntax"     // YAML, and the part of YAML a manifest may use
	RuleExposed   Rule = "seed"       // no seed in the file, not even in a comment
	RuleField     Rule = "field"      // known fields, each once, of the right type
	RuleVersion   Rule = "version"    // a version of the format known here
	RulePrefix    Rule = "prefix"     // one clean NATS token
	RuleName      Rule = "name"       // names of hosts and issuers
	RuleDuplicate Rule = "duplicate"  // no name twice, whatever its case
	RuleTarget    Rule = "target"     // a target known here
	RuleKey       Rule = "public_key" // a cluster public key that hosts accept
	RuleSignsWith Rule = "signs_with" // every host signs with one of the issuers
	RuleNATS      Rule = "nats"       // hosts, ports, users: well-formed and not at odds
	RuleVariable  Rule = "variable"   // names of extra variables
	RuleDenied    Rule = "denied"     // no issuer is on the deny list
	RuleRotation  Rule = "rotation"   // the rotation under way fits the issuers and hosts
)

// The rules that Check enforces.
const (
	RuleNoIssuer     Rule = "no_issuer"
	RuleNoHost       Rule = "no_host"
	RuleSameKey      Rule = "same_key"      // two issuers with one key
	RulePublishedKey Rule = "published_key" // an example from docs or tests
	RuleSharedKey    Rule = "shared_key"    // one key in two lattices
	RuleSamePrefix   Rule = "same_prefix"   // two manifests with one prefix
	RuleIgnored      Rule = "ignores_keys"  // the target reads no cluster keys
	RuleUnusedIssuer Rule = "unused_issuer" // an issuer no host signs with
	RuleCannot       Rule = "cannot"        // the target cannot do what the host is told
	RuleCredentials  Rule = "credentials"   // a user for one connection to NATS, none for another
	RuleMaxAge       Rule = "max_age"       // a key near or past its greatest age
	RuleTracked      Rule = "seed_tracked"  // a file with a seed that git tracks
	RuleCreated      Rule = "created"       // a key made in the future, by this machine's clock
	RuleTooManyKeys  Rule = "too_many_keys" // more keys than an environment can carry

	RuleProviderRPC   Rule = "prov_rpc_missing"     // providers look for NATS where it is not
	RuleTopicSpace    Rule = "topic_space"          // connections that may not reach the same topics
	RuleTLSDiffers    Rule = "tls_differs"          // TLS on one connection only
	RuleDomainDiffers Rule = "js_domain_differs"    // hosts keep what they know of the lattice in different places
	RuleTopicsDiffer  Rule = "topic_prefix_differs" // control commands on different topics
	RuleMixedHosts    Rule = "mixed_hosts"          // hosts that cannot read each other
	RuleJWT           Rule = "nats_jwt"             // a user JWT that servers refuse, or will soon
	RuleJWTMismatch   Rule = "nats_jwt_mismatch"    // the JWT and the seed of different users
)

// Severity says whether a finding makes a check fail.
type Severity string

// The severities. The values are stable: scripts match them in JSON output.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is one thing a rule has to say about a manifest.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1; 0 where there is no place
	Column   int      `json:"column"` // in characters, from 1
	Severity Severity `json:"severity"`
	Rule     Rule     `json:"rule"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
}

// String is the finding in the form compilers use, without its hint.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s [%s]", f.File, f.Line, f.Column, f.Severity, f.Message, f.Rule)
}

// RuleText says in one line what a rule is about.
type RuleText struct {
	Rule Rule
	Text string
}
