package lattice

import "github.com/latch-keys/latch/internal/finding"

// The rules that Decode enforces: a text that breaks one is no manifest.
const (
	RuleSyntax    finding.Rule = "syntax"     // YAML, and the part of YAML a manifest may use
	RuleExposed   finding.Rule = "seed"       // no seed in the file, not even in a comment
	RuleField     finding.Rule = "field"      // known fields, each once, of the right type
	RuleVersion   finding.Rule = "version"    // a version of the format known here
	RulePrefix    finding.Rule = "prefix"     // one clean NATS token
	RuleName      finding.Rule = "name"       // names of hosts and issuers
	RuleDuplicate finding.Rule = "duplicate"  // no name twice, whatever its case
	RuleTarget    finding.Rule = "target"     // a target known here
	RuleKey       finding.Rule = "public_key" // a cluster public key that hosts accept
	RuleSignsWith finding.Rule = "signs_with" // every host signs with one of the issuers
	RuleNATS      finding.Rule = "nats"       // hosts, ports, users: well-formed and not at odds
	RuleVariable  finding.Rule = "variable"   // names of extra variables
	RuleDenied    finding.Rule = "denied"     // no issuer is on the deny list
	RuleRotation  finding.Rule = "rotation"   // the rotation under way fits the issuers and hosts
	RuleInclude   finding.Rule = "include"    // one file with what lattices share, and nothing else in it
)

// The rules that Check enforces.
const (
	RuleNoIssuer     finding.Rule = "no_issuer"
	RuleNoHost       finding.Rule = "no_host"
	RuleSameKey      finding.Rule = "same_key"         // two issuers with one key
	RulePublishedKey finding.Rule = "published_key"    // an example from docs or tests
	RuleSharedKey    finding.Rule = "shared_key"       // one key in two lattices
	RuleSharedName   finding.Rule = "shared_name"      // one name in one keystore for the keys of two lattices
	RuleSharedUser   finding.Rule = "shared_user"      // one NATS user in two lattices
	RuleDeniedThere  finding.Rule = "denied_there"     // an issuer that another lattice denies
	RuleSamePrefix   finding.Rule = "same_prefix"      // two manifests with one prefix
	RuleOverlap      finding.Rule = "lattices_overlap" // two lattices whose hosts hear each other
	RuleIgnored      finding.Rule = "ignores_keys"     // the target reads no cluster keys
	RuleUnusedIssuer finding.Rule = "unused_issuer"    // an issuer no host signs with
	RuleCannot       finding.Rule = "cannot"           // the target cannot do what the host is told
	RuleCredentials  finding.Rule = "credentials"      // a user for one connection to NATS, none for another
	RuleMaxAge       finding.Rule = "max_age"          // a key near or past its greatest age
	RuleTracked      finding.Rule = "seed_tracked"     // a file with a seed that git tracks
	RuleCreated      finding.Rule = "created"          // a key made in the future, by this machine's clock
	RuleTooManyKeys  finding.Rule = "too_many_keys"    // more keys than an environment can carry

	RuleProviderRPC   finding.Rule = "prov_rpc_missing"     // providers look for NATS where it is not
	RuleTopicSpace    finding.Rule = "topic_space"          // connections that may not reach the same topics
	RuleTLSDiffers    finding.Rule = "tls_differs"          // TLS on one connection only
	RuleDomainDiffers finding.Rule = "js_domain_differs"    // hosts keep what they know of the lattice in different places
	RuleTopicsDiffer  finding.Rule = "topic_prefix_differs" // control commands on different topics
	RuleMixedHosts    finding.Rule = "mixed_hosts"          // hosts that cannot read each other
	RuleJWT           finding.Rule = "nats_jwt"             // a user JWT that servers refuse, or will soon
	RuleJWTMismatch   finding.Rule = "nats_jwt_mismatch"    // the JWT and the seed of different users
)
