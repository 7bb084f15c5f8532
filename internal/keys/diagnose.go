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
// PublicKey are known only of a text that decodes.
type Diagnosis struct {
	Role      Role
	Kind      Kind
	PublicKey PublicKey
	Length    int // in bytes
	Problem   *Problem
}

// Valid reports whether a host accepts the text as the key wanted.
func (d Diagnosis) Valid() bool { return d.Problem == nil }

// Diagnose judges a text as the strictest host does and names one cause where
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
		d.Problem = judgeSeed(seed, want)
		return d
	}
	copied := append([]byte(nil), text...) // a conversion would not copy bytes
	defer clear(copied)
	role := guessRole(copied, want)
	mended := suggest(copied, role, want)
	if mended != nil {
		role = mended.Role // a first letter that is damaged or lost misleads the guess
	}
	d.Problem = explain(copied, role, want)
	d.Problem.adopt(mended)
	d.Role = d.Problem.Role
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
	case errors.Is(err, errOffCurve):
		return problem(CodeOffCurve, RolePublic, 0, "%s is well spelled but %v: no seed has this public key", key, err)
	case errors.Is(err, errSmallOrder):
		return problem(CodeSmallOrder, RolePublic, 0, "%s is %v: anyone can sign for it", key, err)
	}
	return nil
}

func judgeSeed(seed Seed, want Want) *Problem {
	if want.Role == RolePublic {
		return problem(CodeNotPublic, RoleSeed, 0, "this is a %s seed where a public key belongs", seed.Kind()).
			withHint("its public key is %s; treat the seed as exposed if this place is not secret", seed.PublicKey())
	}
	return judgeKind(RoleSeed, seed.PublicKey(), want.Kind)
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
