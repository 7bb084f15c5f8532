package keyscmd

import (
	"context"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// rules are what a key is judged by.
type rules struct {
	kind   keys.Kind
	target wasmcloud.Target
}

// want is what a key must be where its place does not say. For a target it is a
// cluster key.
func (r rules) want() keys.Want {
	if !r.target.IsZero() {
		return keys.Want{Kind: keys.Cluster}
	}
	return keys.Want{Kind: r.kind}
}

// judge gives verdicts. Keys known from the manifest and the keystore are looked
// up when the first damaged key turns up: a sound one needs no comparison.
type judge struct {
	a     verbs
	rules rules
	known map[keys.PublicKey]string
}

func (j *judge) verdict(ctx context.Context, f keys.Found) verdict {
	return j.conclude(ctx, f, keys.Diagnose(f.Text, f.Want))
}

// conclude makes a verdict of a diagnosis, after comparing a damaged key with
// those that are known.
func (j *judge) conclude(ctx context.Context, f keys.Found, d keys.Diagnosis) verdict {
	if !d.Valid() && damaged(d.Problem.Code) {
		f.Want.Known = j.knownKeys(ctx)
		d = keys.Diagnose(f.Text, f.Want)
	}
	v := verdict{Line: f.Line, Variable: f.Variable, Entry: f.Entry, For: j.rules.target.String()}
	if !d.Valid() && d.Problem.Code == keys.CodeKind && d.Role == keys.RoleSeed && j.rules.target.TakesAnySeed() {
		v.Note = "an OTP host accepts a " + d.Kind.String() + " seed without a word and signs as " + d.HostKey.String() + "; only hosts that list that key as an issuer accept what it signs"
		d.Problem = nil
	}
	v.diagnosisDocument = diagnosed(d)
	switch {
	case !d.Valid():
		v.shown, v.caret = picture(f.Text, d)
		if d.Role == keys.RoleSeed && f.Want.Role != keys.RolePublic && (f.Want.Kind == keys.AnyKind || f.Want.Kind == keys.Cluster) {
			v.Hosts = whatHostsDo(d, j.rules.target)
		}
	case v.Note == "":
		v.judgePublished(d)
	}
	return v
}

// judgePublished warns of a public key that stands in public, and refuses a seed.
func (v *verdict) judgePublished(d keys.Diagnosis) {
	note, open := inPublic(d.PublicKey)
	if d.Role == keys.RoleSeed && open {
		v.Valid = false
		v.Problem = &problemDocument{Code: "published", Message: note, Hint: "make a key of your own: latch keys gen cluster"}
		return
	}
	v.Note = note
}

// damaged reports whether a known key could tell more of what is wrong.
func damaged(code keys.Code) bool {
	switch code {
	case keys.CodeChecksum, keys.CodePrefix, keys.CodeTooShort, keys.CodeTooLong, keys.CodeAlphabet, keys.CodeIncomplete:
		return true
	default:
		return false
	}
}

// knownKeys are those of the manifest and of the keystore, as far as they can be
// read: what cannot be read only makes the advice poorer.
func (j *judge) knownKeys(ctx context.Context) map[keys.PublicKey]string {
	if j.known != nil {
		return j.known
	}
	j.known = map[keys.PublicKey]string{}
	if store, err := j.a.Keystore(); err == nil {
		entries, _ := store.List(ctx)
		for _, e := range entries {
			j.known[e.PublicKey] = e.Name
		}
	}
	if file, err := j.a.Manifest(); err == nil {
		for _, issuer := range file.Manifest().Issuers {
			j.known[issuer.PublicKey] = issuer.Name
		}
	}
	return j.known
}
