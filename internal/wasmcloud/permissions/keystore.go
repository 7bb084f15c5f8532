package permissions

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// KeystoreRole is what somebody does with the bucket of a nats: keystore.
type KeystoreRole struct {
	name, about string
	also        []keystoreUse // beyond what the roles before it do
	alone       bool          // it does nothing of what they do
}

// keystoreUse is one subject; {bucket} stands for the bucket's name.
type keystoreUse struct {
	action          wasmcloud.Action
	subject, reason string
}

// RolloutSuffix ends the name of the bucket beside a keystore's, by which hosts take
// turns.
const RolloutSuffix = "_rollout"

// KeystoreRoles lists them; each may do what those before it may, and more.
func KeystoreRoles() []KeystoreRole {
	const publish = wasmcloud.Publish
	return []KeystoreRole{
		{"keystore-reader", "opens keys of a nats: keystore: a host", []keystoreUse{
			{publish, "$JS.API.STREAM.MSG.GET.KV_{bucket}", "reads the list of keys, seeds and the manifest, from the leader"},
			{wasmcloud.Subscribe, "_INBOX.>", "answers"},
		}, false},
		{"keystore-writer", "changes a nats: keystore: an operator", []keystoreUse{
			{publish, "$KV.{bucket}.>", "writes the list of keys, seeds and the manifest"},
			{publish, "$JS.API.STREAM.INFO.KV_{bucket}", "counts the revisions of a key, and looks whether the bucket is there"},
		}, false},
		{"keystore-purger", "removes old revisions of a nats: keystore for good", []keystoreUse{
			{publish, "$JS.API.STREAM.PURGE.KV_{bucket}", "removes revisions for good"},
		}, false},
		{"keystore-maker", "makes the bucket of a nats: keystore", []keystoreUse{
			{publish, "$JS.API.STREAM.CREATE.KV_{bucket}", "makes the bucket"},
			{publish, "$JS.API.STREAM.CREATE.KV_{bucket}" + RolloutSuffix, "makes the bucket by which hosts take turns"},
			{publish, "$JS.API.STREAM.MSG.GET.KV_{bucket}" + RolloutSuffix, "looks whether that is there"},
		}, false},
		{"keystore-rollout", "takes turns with other hosts in being started anew", []keystoreUse{
			{publish, "$JS.API.STREAM.MSG.GET.KV_{bucket}" + RolloutSuffix, "reads whose turn it is"},
			{publish, "$KV.{bucket}" + RolloutSuffix + ".>", "takes and gives back the turn"},
			{wasmcloud.Subscribe, "$KV.{bucket}.root", "hears at once that something was changed"},
			{wasmcloud.Subscribe, "_INBOX.>", "answers"},
		}, true},
	}
}

// ParseKeystoreRole reads a role by its exact name; not found: it is none of these.
func ParseKeystoreRole(name string) (role KeystoreRole, found bool) {
	at := slices.IndexFunc(KeystoreRoles(), func(r KeystoreRole) bool { return r.name == name })
	if at < 0 {
		return KeystoreRole{}, false
	}
	return KeystoreRoles()[at], true
}

// KeystoreRoleFor is the first role of a keystore's bucket that may do something on a
// subject; not found: none may.
func KeystoreRoleFor(bucket string, action wasmcloud.Action, subject string) (role KeystoreRole, found bool) {
	for _, r := range KeystoreRoles() {
		if set, err := r.In(bucket); err == nil && set.Allows(action, subject) {
			return r, true
		}
	}
	return KeystoreRole{}, false
}

// String is the role's short name.
func (r KeystoreRole) String() string { return r.name }

// About says in words who the user is.
func (r KeystoreRole) About() string { return r.about }

// OfHost reports whether the user is that of one of a host's connections to a lattice.
func (KeystoreRole) OfHost() bool { return false }

// In is the least that a user of the role must be allowed with a bucket.
func (r KeystoreRole) In(bucket string) (Set, error) {
	if CheckSubject(bucket) != nil || strings.Contains(bucket, ".") {
		return nil, fault.New(fault.Usage, "the name of the bucket is no single token").WithHint("name it as in the keystore's URI, nats://HOST:PORT/BUCKET")
	}
	var set Set
	for _, each := range KeystoreRoles() {
		if each.name != r.name && (r.alone || each.alone) {
			continue
		}
		for _, u := range each.also {
			subject := strings.ReplaceAll(u.subject, "{bucket}", bucket)
			set = set.with(Grant{Action: u.action, Subject: subject, Reasons: []string{u.reason}, uses: []use{{subject, u.reason}}})
		}
		if each.name == r.name {
			break
		}
	}
	return set, nil
}
