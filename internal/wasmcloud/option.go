package wasmcloud

// Option is something that a lattice may have turned on, and that asks for more
// rights. The zero Option is none: what is always needed.
type Option string

// The options.
const (
	Chunks        Option = "chunks"         // payloads too large for a message go through an object store
	ConfigService Option = "config-service" // WASMCLOUD_CONFIG_SERVICE
	Policy        Option = "policy"         // WASMCLOUD_POLICY_TOPIC
	PolicyChanges Option = "policy-changes" // WASMCLOUD_POLICY_CHANGES_TOPIC
	Secrets       Option = "secrets"        // WASMCLOUD_SECRETS_TOPIC
	Domain        Option = "js-domain"      // WASMCLOUD_JS_DOMAIN
	OldCache      Option = "old-cache"      // the cache of OTP 0.59 is still there, to be moved
	Tap           Option = "tap"            // latch invocation tap
	Probe         Option = "probe"          // latch lattice probe
	Purge         Option = "purge"          // latch cache purge, and restore
)

// Switches lists the options that are on or off; the others name a subject.
func Switches() []Option {
	return []Option{Chunks, ConfigService, OldCache, Tap, Probe, Purge}
}

// About says in words what the option is.
func (o Option) About() string {
	switch o {
	case Chunks:
		return "payloads too large for one message"
	case ConfigService:
		return "hosts ask the config service at start"
	case Policy:
		return "hosts ask for policy decisions"
	case PolicyChanges:
		return "policy decisions are taken back"
	case Secrets:
		return "hosts ask for secrets"
	case Domain:
		return "the lattice's data is in a JetStream domain"
	case OldCache:
		return "hosts move the cache of OTP 0.59 and earlier"
	case Tap:
		return "latch invocation tap"
	case Probe:
		return "latch lattice probe"
	case Purge:
		return "latch cache purge and restore"
	}
	return ""
}
