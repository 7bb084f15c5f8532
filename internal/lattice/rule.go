package lattice

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
)
