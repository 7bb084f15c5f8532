package agefile

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// identityLimit is more than any file of identities has, in bytes.
const identityLimit = 1 << 20

// identity opens files, asking through the attempt where it must.
type identity interface {
	use(t *attempt) age.Identity
}

// load reads the files of identities, once.
func (u *Unlocker) load(ctx context.Context) error {
	if u.loaded {
		return nil
	}
	u.identities, u.passed, u.refused = nil, nil, nil
	for _, path := range u.files {
		found, err := u.identitiesIn(ctx, path)
		switch {
		case err == nil:
			u.identities = append(u.identities, found...)
		case u.named && errors.Is(err, fs.ErrNotExist):
			return fault.New(fault.Locked, "there is no file %s, which should hold your identity", path).
				WithHint("--identity-file or LATCH_IDENTITY_FILE names the file with yours")
		case u.named || ctx.Err() != nil:
			return fmt.Errorf("failed to read your identity: %w", err)
		case !errors.Is(err, fs.ErrNotExist):
			u.passed = append(u.passed, fmt.Sprintf("%s (%v)", path, err))
			if u.refused == nil && fault.Is(err, fault.Refused) {
				u.refused = err
			}
		}
	}
	u.loaded = true
	return nil
}

func (u *Unlocker) identitiesIn(ctx context.Context, path string) ([]identity, error) {
	data, path, err := u.read(ctx, path)
	if err != nil {
		return nil, err
	}
	switch {
	case isSealed(data):
		return []identity{&sealedFile{path: path, data: data}}, nil
	case bytes.HasPrefix(data, []byte("-----BEGIN")):
		return sshIdentity(path, data)
	}
	defer clear(data)
	return ageIdentities(path, data)
}

// read gives what is in a file of identities, and what to call it.
func (u *Unlocker) read(ctx context.Context, path string) ([]byte, string, error) {
	if path != "-" || u.stdin == nil {
		data, err := safefile.ReadHanded(ctx, path, identityLimit)
		return data, path, err
	}
	const stdin = "standard input"
	data, err := io.ReadAll(io.LimitReader(u.stdin(ctx), identityLimit+1))
	switch {
	case err == nil && len(data) > identityLimit:
		err = fmt.Errorf("%s is %w: more than %d bytes", stdin, safefile.ErrTooLarge, identityLimit)
	case err == nil && len(data) == 0:
		err = fmt.Errorf("%s is empty", stdin)
	}
	if err != nil {
		clear(data)
	}
	return data, stdin, err
}

func ageIdentities(path string, data []byte) ([]identity, error) {
	held, rest := splitPlugins(data)
	defer clear(rest)
	var all []identity
	for _, text := range held {
		id, err := parsePluginIdentity(path, text)
		if err != nil {
			return nil, err
		}
		all = append(all, id)
	}
	if len(all) > 0 && !holdsMore(rest) {
		return all, nil
	}
	parsed, err := age.ParseIdentities(bytes.NewReader(rest))
	if err != nil { // never with what was found there
		return nil, fmt.Errorf("%s is no file of age identities: %w", path, err)
	}
	for _, id := range parsed {
		all = append(all, plain{id})
	}
	return all, nil
}

// splitPlugins parts the identities that plugins hold from the others.
func splitPlugins(data []byte) (held []string, rest []byte) {
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		if isPluginIdentity(string(line)) {
			held = append(held, string(line))
			continue
		}
		rest = append(append(rest, line...), '\n')
	}
	return held, rest
}

// holdsMore tells whether there is anything but comments and blank lines.
func holdsMore(rest []byte) bool {
	for line := range bytes.Lines(rest) {
		if line = bytes.TrimSuffix(line, []byte("\n")); len(line) > 0 && line[0] != '#' {
			return true
		}
	}
	return false
}

// plain is an identity that needs no passphrase.
type plain struct{ age.Identity }

func (p plain) use(*attempt) age.Identity { return p.Identity }

// passphrase opens files sealed with a passphrase, and asks for nothing else.
type passphrase struct{ *attempt }

func (p *passphrase) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != "scrypt" {
		return nil, age.ErrIncorrectIdentity
	}
	return p.scrypt(p.where, p.subject, stanzas)
}

// scrypt opens what the passphrase for a subject opens; where is the file.
func (t *attempt) scrypt(where, subject string, stanzas []*age.Stanza) ([]byte, error) {
	if err := bearable(where, stanzas); err != nil {
		return nil, t.end(err)
	}
	secret, err := t.answer(subject)
	if err != nil {
		return nil, t.end(err)
	}
	id, err := age.NewScryptIdentity(string(secret))
	if err != nil {
		t.forget(subject)
		return nil, t.end(errors.New("the passphrase is empty"))
	}
	key, err := id.Unwrap(stanzas)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		t.forget(subject)
		return nil, t.end(t.wrongPassphrase(subject))
	}
	return key, err
}

// end notes what ended the attempt; not having asked lets other identities try.
func (t *attempt) end(err error) error {
	if !errors.Is(err, errUnasked) {
		t.failure = err
	}
	return age.ErrIncorrectIdentity
}

// sealedFile is a file of identities that a passphrase opens.
type sealedFile struct {
	path   string
	data   []byte
	opened []identity
}

func (s *sealedFile) use(t *attempt) age.Identity { return &sealedUse{sealedFile: s, attempt: t} }

type sealedUse struct {
	*sealedFile
	*attempt
}

// Unwrap asks for the passphrase only for files that have recipients of age.
func (s *sealedUse) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if !slices.ContainsFunc(stanzas, isNative) {
		return nil, age.ErrIncorrectIdentity
	}
	if s.unlock() != nil {
		return nil, age.ErrIncorrectIdentity
	}
	for _, id := range s.opened {
		if key, err := id.use(s.attempt).Unwrap(stanzas); !errors.Is(err, age.ErrIncorrectIdentity) {
			return key, err
		}
	}
	return nil, age.ErrIncorrectIdentity
}

// unlock opens the file itself, once. What ends the attempt is noted in it.
func (s *sealedUse) unlock() error {
	if s.opened != nil {
		return nil
	}
	text, err := decrypt(s.data, &sealedFileKey{s})
	if err == nil {
		defer clear(text)
		s.opened, err = ageIdentities(s.path, text)
	}
	switch {
	case err == nil:
		return nil
	case s.failure == nil && s.unasked == "":
		s.failure = fmt.Errorf("failed to open the identity %s: %w", s.path, err)
	}
	return cmp.Or(s.failure, err)
}

// isNative knows the stanzas of age's own recipients. Source: age x25519.go, pq.go.
func isNative(s *age.Stanza) bool { return s.Type == "X25519" || s.Type == "mlkem768x25519" }

type sealedFileKey struct{ *sealedUse }

func (k *sealedFileKey) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	return k.scrypt(k.path, k.path, stanzas)
}
