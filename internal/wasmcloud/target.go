package wasmcloud

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
)

// Target is the generation of hosts an environment is made for: which
// variables are read, and in which form. It stands for some releases of the
// host. It is a comparable value; the zero Target is none.
type Target struct{ number uint8 }

// targetRow is what is known of a target.
type targetRow struct {
	name string
	traits
}

// traits are what hosts of a target do.
type traits uint8

const (
	// elixir: the OTP host. Its nkeys call takes a seed of any kind, and it
	// reads a bare IPv6 address. Source: wasmcloud-otp application.ex.
	elixir traits = 1 << iota
	// clusterKeys: OTP 0.50 to 0.63 and Rust 0.78 to 0.82; 1.0 removed them
	// (wasmCloud bc5d296f3).
	clusterKeys
	// providerRPC: gone from wasmCloud v0.81.0 src/main.rs.
	providerRPC
	// numericSwitches: OTP 0.51 to 0.59 reads a whole number and crashes on text.
	numericSwitches
	// hostSeedLabel: wasmCloud 0.79.0 takes WASMCLOUD_HOST_SEED for a label and
	// tells it to who asks (pull request 773).
	hostSeedLabel
	// credsFiles: wasmCloud v1.2.1.
	credsFiles
)

func (t Target) row() targetRow {
	return [...]targetRow{
		{},
		{"otp-0.51", elixir | clusterKeys | providerRPC | numericSwitches},
		{"otp", elixir | clusterKeys | providerRPC},
		{"rust-0.78", clusterKeys | providerRPC},
		{"rust-0.79", clusterKeys | providerRPC | hostSeedLabel},
		{"rust-0.80", clusterKeys | providerRPC},
		{"rust-0.81", clusterKeys},
		{"rust-0.82", clusterKeys},
		{"rust-1.0", 0},
		{"rust-1.3", credsFiles},
	}[t.number]
}

const lastTarget = 9

// releases are those that the target stands for.
func (t Target) releases() spans {
	switch t.row().name {
	case "otp-0.51":
		return since(0, 51, 0).until(0, 59, last)
	case "otp":
		return append(since(0, 50, 0).until(0, 50, last), since(0, 60, 0).until(0, 63, last)...)
	case "rust-0.78":
		return since(0, 78, 0).until(0, 78, last)
	case "rust-0.79":
		return since(0, 79, 0).until(0, 79, last)
	case "rust-0.80":
		return since(0, 80, 0).until(0, 80, last)
	case "rust-0.81":
		return since(0, 81, 0).until(0, 81, last)
	case "rust-0.82":
		return since(0, 82, 0).until(0, 82, last)
	case "rust-1.0":
		return since(1, 0, 0).until(1, 2, last)
	case "rust-1.3":
		return since(1, 3, 0)
	}
	return nil
}

// AllTargets lists every target, oldest first.
func AllTargets() []Target {
	all := make([]Target, lastTarget)
	for i := range all {
		all[i].number = uint8(i + 1)
	}
	return all
}

// Targets lists those whose hosts read cluster keys, oldest first.
func Targets() []Target {
	return slices.DeleteFunc(AllTargets(), Target.IgnoresClusterKeys)
}

// ParseTarget reads a target by its exact name. The error lists those there
// are, and repeats only a short name: a long one may be a secret that slipped.
func ParseTarget(name string) (Target, error) {
	var known []string
	for _, t := range AllTargets() {
		if t.String() == name {
			return t, nil
		}
		known = append(known, t.String())
	}
	shown := ""
	if len(name) <= longestShown {
		shown = fmt.Sprintf(" %q", name)
	}
	return Target{}, fault.New(fault.Failed, "unknown target%s: must be one of %s%s", shown, strings.Join(known, ", "), similar.Question(name, known))
}

// longestShown bounds a name that an error repeats, in bytes.
const longestShown = 16

// String is the target's name, "" for the zero Target.
func (t Target) String() string { return t.row().name }

// MarshalText is the target's name, for JSON output.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// IsZero reports whether t is no target.
func (t Target) IsZero() bool { return t == Target{} }

// Releases names the releases that the target stands for, for people.
func (t Target) Releases() string { return t.releases().text(t.IsOTP()) }

func (t Target) has(trait traits) bool { return t.row().traits&trait != 0 }

// IsOTP reports whether hosts of the target are those written in Elixir.
func (t Target) IsOTP() bool { return t.has(elixir) }

// IgnoresClusterKeys reports whether hosts of the target read neither a cluster
// seed nor cluster issuers: there, cluster keys protect nothing.
func (t Target) IgnoresClusterKeys() bool { return !t.IsZero() && !t.has(clusterKeys) }

// ReadsProviderRPC reports whether hosts of the target read connection settings
// of their own for providers.
func (t Target) ReadsProviderRPC() bool { return t.has(providerRPC) }

// ReadsCredsFiles reports whether every host of the target reads NATS
// credentials files itself; others must be told what is in one.
func (t Target) ReadsCredsFiles() bool { return t.has(credsFiles) }

// ReadsSwitchAsNumber reports whether a switch of that connection must be 1 or
// 0 for hosts of the target: OTP 0.51 to 0.59 read a number, and for providers
// every OTP version does. Of what later ones read for the other connections,
// true is in every version. Rust hosts take true and false and exit on 1.
func (t Target) ReadsSwitchAsNumber(p Purpose) bool {
	return t.has(numericSwitches) || t.IsOTP() && p == ProviderRPC
}

// TakesAnySeed reports whether hosts of the target do not look at the kind of a
// cluster seed.
func (t Target) TakesAnySeed() bool { return t.IsOTP() }

// PublishesHostSeed reports whether a host of the target tells its host seed to
// who asks for its labels.
func (t Target) PublishesHostSeed() bool { return t.has(hostSeedLabel) }

// TargetOfRelease is the target that stands for a release of the host, as hosts say
// theirs: 0.82.0, or 1.0.0-rc.1. False for one that no target stands for.
func TargetOfRelease(text string) (Target, bool) {
	var v version
	number, _, _ := strings.Cut(text, "-")
	if n, err := fmt.Sscanf(number, "%d.%d.%d", &v.major, &v.minor, &v.patch); err != nil || n != 3 {
		return Target{}, false
	}
	for _, t := range AllTargets() {
		if t.releases().overlap(spans{{first: v, last: v}}) {
			return t, true
		}
	}
	return Target{}, false
}
