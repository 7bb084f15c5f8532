package keyscmd

import (
	"bytes"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/rawtext"
)

// mend says which flaws of a seed are put right, since they leave no doubt what
// it is. Whoever imports one is asked first.
type mend struct {
	complete bool // the last character is missing
	respell  bool // hosts read it, but its checksum or its prefix is wrong
}

// readImport reads the seed: the whole text, but for white space around it, or the
// only seed of the kind that stands anywhere in it, in base64 too.
func readImport(where, name string, text []byte, mend mend, want keys.Kind) *seedImport {
	one := &seedImport{name: name, where: where, problem: keystore.CheckName(name)}
	if one.problem != nil {
		return one
	}
	if flaw := rawtext.Check(text); flaw != nil {
		one.problem = fault.New(fault.Failed, "%s", flaw.Message).WithHint("%s", flaw.Hint)
		return one
	}
	found := keys.SeedsIn(text)
	ofKind := slices.DeleteFunc(slices.Clone(found), func(s keys.Seed) bool { return want != keys.AnyKind && s.Kind() != want })
	switch {
	case len(ofKind) == 1:
		one.seed = ofKind[0]
		found = slices.DeleteFunc(found, func(s keys.Seed) bool { return s.PublicKey() == one.seed.PublicKey() })
	case len(ofKind) > 1:
		one.problem = fault.New(fault.Failed, "it holds %d different %sseeds", len(ofKind), kindWord(want)).WithHint("%s", oneOfThem(want))
	case len(found) == 1:
		one.problem = fault.New(fault.Failed, "it holds a %s seed, not a %s seed", found[0].Kind(), want)
	case len(found) > 1:
		one.problem = fault.New(fault.Failed, "it holds %d seeds, none of them a %s seed", len(found), want)
	default:
		one.seed, one.mended, one.problem = mendedIn(text, mend, want)
	}
	for _, s := range found {
		s.Wipe()
	}
	return one
}

func kindWord(kind keys.Kind) string {
	if kind == keys.AnyKind {
		return ""
	}
	return kind.String() + " "
}

func oneOfThem(want keys.Kind) string {
	if want == keys.AnyKind {
		return "--kind chooses the one of a kind; or put each into a file of its own"
	}
	return "put each into a file of its own"
}

// mendedIn is the seed in a text that holds no sound one: mended if that was
// asked for, or else what is wrong with it.
func mendedIn(text []byte, mend mend, want keys.Kind) (seed keys.Seed, how string, problem error) {
	candidate := bytes.TrimSpace(text)
	spans := keys.FindSeeds(text)
	if len(spans) == 1 {
		candidate = text[spans[0].From:spans[0].To]
	}
	if len(spans) == 0 && !isWord(candidate) {
		return keys.Seed{}, "", fault.New(fault.Failed, "there is no seed in it").
			WithHint("a seed has %d characters and starts with S: latch keys validate says what is wrong with one", keys.SeedLength)
	}
	if len(spans) > 1 {
		return keys.Seed{}, "", fault.New(fault.Failed, "it holds %d damaged seeds", len(spans)).WithHint("latch keys validate --file says what is wrong with each")
	}
	if whole, ok := keys.Complete(candidate); ok && mend.complete {
		seed, how = whole, "the last character, which is missing, added"
	} else if same, ok := keys.Respell(candidate); ok && mend.respell {
		seed, how = same, "the same 32 bytes under the right checksum"
	}
	if seed.IsZero() {
		return seed, "", keys.Diagnose(candidate, keys.Want{Kind: want, Role: keys.RoleSeed}).Problem
	}
	if want != keys.AnyKind && seed.Kind() != want {
		seed.Wipe()
		return keys.Seed{}, "", fault.New(fault.Failed, "it holds a %s seed, not a %s seed", seed.Kind(), want)
	}
	return seed, how, nil
}

// isWord reports whether a text is one word, as a damaged key is.
func isWord(text []byte) bool {
	const longest = 120
	return len(text) <= longest && len(bytes.Fields(text)) <= 1
}
