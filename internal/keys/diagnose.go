package keys

import "errors"

// Want says what a text is to be. The zero Want accepts any key.
type Want struct {
	Kind Kind
	Role Role

	// Known are keys the caller knows, by what it calls them: a repair that
	// gives one of them is the likeliest.
	Known map[PublicKey]string
}

// Diagnosis is what a text is, and why it is not what was wanted. Kind and
// PublicKey are known only of a text that decodes, and of a seed that lacks
// nothing but its last character.
type Diagnosis struct {
	Role      Role
	Kind      Kind
	PublicKey PublicKey
	Length    int // in bytes
	Problem   *Problem

	// Completes says that the last character of a seed is missing and follows
	// from the rest: see Complete.
	Completes bool

	// HostKey is the key that a host makes of a seed with a problem, if it is
	// given it all the same: hosts do not check what is checked here. Zero where
	// they refuse it too. Rust hosts refuse all but a cluster key.
	HostKey PublicKey
}

// Valid reports whether a host can be given the text as the key wanted.
func (d Diagnosis) Valid() bool { return d.Problem == nil }

// Diagnose judges a text, more strictly than any host, and names one cause where
// it fails. No cause repeats a character of what may be a seed.
func Diagnose[T Text](text T, want Want) Diagnosis {
	d := Diagnosis{Length: len(text)}
	if key, ok := parsePublic(text); ok {
		d.Role, d.Kind, d.PublicKey = RolePublic, key.kind, key
		d.Problem = judgePublic(key, want)
		return d
	}
	if seed, ok := parseSeed(text); ok {
		defer seed.Wipe()
		d.Role, d.Kind, d.PublicKey = RoleSeed, seed.Kind(), seed.PublicKey()
		if d.Problem = judgeSeed(seed, want); d.Problem != nil {
			d.HostKey = hostKey(seed)
		}
		return d
	}
	copied := append([]byte(nil), text...) // a conversion would not copy bytes
	defer clear(copied)
	if whole, ok := Complete(copied); ok {
		defer whole.Wipe()
		d.Role, d.Kind, d.PublicKey, d.Completes = RoleSeed, whole.Kind(), whole.PublicKey(), true
		d.Problem = exposed(incomplete(whole.PublicKey(), want.Known), RoleSeed, want)
		return d
	}
	role := guessRole(copied, want)
	mended := suggest(copied, role, want)
	if mended != nil {
		role = mended.Role // a first letter that is damaged or lost misleads the guess
	}
	d.Problem = explain(copied, role, want)
	d.Problem.adopt(mended)
	d.Role = d.Problem.Role
	if d.HostKey = readAsHosts(copied); !d.HostKey.IsZero() && want.Role != RolePublic {
		d.Problem.warnOf(d.HostKey)
	}
	return d
}

func judgePublic(key PublicKey, want Want) *Problem {
	if want.Role == RoleSeed {
		return problem(CodeNotSeed, RolePublic, 0, "%s is a %s public key where a seed belongs", key, key.kind).
			withHint("a seed has %d characters and starts with S", SeedLength)
	}
	if p := judgeKind(RolePublic, key, want.Kind); p != nil {
		return p
	}
	switch err := key.sound(); {
	case errors.Is(err, errOffCurve), errors.Is(err, errAlias):
		return problem(CodeOffCurve, RolePublic, 0, "%s is well spelled but %v: no seed has this public key", key, err)
	case errors.Is(err, errSmallOrder):
		return problem(CodeSmallOrder, RolePublic, 0, "%s is %v: anyone can sign for it", key, err)
	case key.kind == Cluster && !key.acceptable():
		return problem(CodeHostFault, RolePublic, 0, "%s is sound, but every host that knows cluster keys refuses what it signs: one key in 65,536 meets a fault of their library", key).
			withHint("make another: latch keys gen cluster makes none of these")
	}
	return nil
}

func judgeSeed(seed Seed, want Want) *Problem {
	if want.Role == RolePublic {
		return problem(CodeNotPublic, RoleSeed, 0, "this is a %s seed where a public key belongs", seed.Kind()).
			withHint("its public key is %s; treat the seed as exposed if this place is not secret", seed.PublicKey())
	}
	if p := judgeKind(RoleSeed, seed.PublicKey(), want.Kind); p != nil {
		return p
	}
	if seed.Kind() == Cluster && !seed.acceptable() {
		return problem(CodeHostFault, RoleSeed, 0, "this is a sound cluster seed, but every host that knows cluster keys refuses it or what it signs: one in 32,768 meets a fault of their library").
			withHint("make another: latch keys gen cluster makes none of these")
	}
	return nil
}

// hostKey is the key that hosts make of a sound seed.
func hostKey(seed Seed) PublicKey {
	text := seed.Reveal()
	defer clear(text)
	return readAsHosts(text)
}

func judgeKind(role Role, key PublicKey, want Kind) *Problem {
	if want == AnyKind || key.kind == want {
		return nil
	}
	return problem(CodeKind, role, 1, "this is a %s %s, not a %s %s", key.kind, role, want, role).
		withHint("a %s %s starts with %s", want, role, opening(want, role))
}

// opening is how the text of a key starts.
func opening(kind Kind, role Role) string {
	if role == RoleSeed {
		return "S" + string(kind.Letter())
	}
	return string(kind.Letter())
}
