package doctor

import (
	"errors"
	"fmt"
	"io/fs"
)

func (f Facts) examineKeyring() []Finding {
	const check = "keyring"
	switch {
	case f.Keyring == nil:
		return one(check, OK, "the keyring of this system can be used", "")
	case f.Keystore.URI == "":
		return one(check, Note, f.Keyring.Error()+"; whether the keystore needs it is not known", "")
	case f.Keystore.Keyring:
		return one(check, Missing, f.Keyring.Error(), remedyOf(f.Keyring, "latch keystore init age:keys --new-identity FILE"))
	}
	return one(check, Note, fmt.Sprintf("%s; the keystore in use, %s, does not need it", f.Keyring, f.Keystore.URI), "")
}

// examine judges the keystore; wanted: a manifest says what it must hold; keyring is
// why that of the system cannot be used.
func (k Keystore) examine(wanted bool, keyring error) []Finding {
	const check = "keystore"
	if k.URI == "" {
		return unread(check)
	}
	name := fmt.Sprintf("%s (from %s)", k.URI, k.Origin)
	switch {
	case k.Err != nil && k.Keyring && keyring != nil:
		return one(check, Note, name+" cannot be looked into, see keyring", "")
	case errors.Is(k.Err, fs.ErrNotExist) && !wanted && !k.Sealed:
		return one(check, Note, name+" does not exist yet; the first key makes it", "latch keys gen cluster --name NAME")
	case k.Err != nil:
		return one(check, Missing, name+": "+k.Err.Error(), remedyOf(k.Err, "latch keystore check "+k.URI))
	case len(k.Lacks) > 0:
		return one(check, Missing, fmt.Sprintf("%s lacks %s that the manifest needs: %s", name, counted(len(k.Lacks), "seed"), listed(k.Lacks)),
			"bring it back: latch keys import FILE --name "+k.Lacks[0])
	}
	return one(check, OK, fmt.Sprintf("%s holds %s", name, counted(k.Count, "seed")), "")
}

func (f Facts) examineIdentity() []Finding {
	const check = "identity"
	if f.Keystore.URI == "" {
		return unread(check)
	}
	var found []Finding
	var sealed, usable []string
	for _, id := range f.Identities {
		switch {
		case id.Err != nil:
			found = append(found, Finding{check, Warning, "latch passes over " + id.Path + ": " + id.Err.Error(), remedyOf(id.Err, "name another file: LATCH_IDENTITY_FILE=FILE")})
		case id.Opens:
			return append(found, one(check, OK, id.Path+" opens "+f.Keystore.URI, "")...)
		case id.Sealed:
			sealed = append(sealed, id.Path)
		default:
			usable = append(usable, id.Path)
		}
	}
	return append(found, f.withoutOpener(sealed, usable)...)
}

// withoutOpener judges identities none of which is known to open the keystore.
func (f Facts) withoutOpener(sealed, usable []string) []Finding {
	const check = "identity"
	switch {
	case !f.Keystore.Sealed:
		return one(check, Note, f.Keystore.URI+" needs no identity; age: keystores do", "")
	case f.Keystore.Err != nil:
		return one(check, Note, "which identity opens "+f.Keystore.URI+" cannot be told, see keystore", "")
	case f.Keystore.Recipients == 0:
		return one(check, OK, f.Keystore.URI+" opens with a passphrase, which is asked for or read from --passphrase-file", "")
	case len(sealed) > 0:
		return one(check, Note, sealed[0]+" needs a passphrase, so whether it opens "+f.Keystore.URI+" is not known", "latch keystore check "+f.Keystore.URI)
	case len(usable) > 0:
		return one(check, Missing, fmt.Sprintf("no identity at hand opens %s: not %s", f.Keystore.URI, listed(usable)),
			"have somebody who can open it add you: latch keystore recipients add RECIPIENT; or name another file: LATCH_IDENTITY_FILE=FILE")
	}
	return one(check, Missing, "there is no identity that opens "+f.Keystore.URI, "name the file with yours: LATCH_IDENTITY_FILE=FILE")
}
