package agefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// plainLimit bounds what Open gives, in bytes: a backup of ten thousand seeds.
const plainLimit = 8 << 20

// Seal encrypts plain, armored, to all the recipients, and opens the result
// before giving it away: with the key of the file itself, since the identities
// of the recipients need not be at hand.
func Seal(plain []byte, to ...Recipient) ([]byte, error) {
	if len(to) == 0 {
		return nil, errors.New("failed to encrypt: there is nobody to encrypt to")
	}
	seen := &witness{Recipient: to[0].key}
	keys := []age.Recipient{seen}
	for _, r := range to[1:] {
		keys = append(keys, r.key)
	}
	sealed, err := encrypt(plain, keys)
	if err != nil {
		return nil, fmt.Errorf("failed to encrypt: %w", err)
	}
	defer clear(seen.fileKey)
	back, err := decrypt(sealed, seen)
	defer clear(back)
	if err == nil && !bytes.Equal(back, plain) {
		err = errors.New("it holds something else")
	}
	if err != nil {
		return nil, fmt.Errorf("failed to open what was just encrypted: %w", err)
	}
	return sealed, nil
}

func encrypt(plain []byte, to []age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, to...)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := errors.Join(w.Close(), armored.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// isSealed reports whether data looks like an age file, armored or not.
func isSealed(data []byte) bool {
	return isArmored(data) || bytes.HasPrefix(data, []byte("age-encryption.org/"))
}

func isArmored(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte(armor.Header))
}

// decrypt gives what is in an age file, for the caller to clear.
func decrypt(sealed []byte, with ...age.Identity) ([]byte, error) {
	var in io.Reader = bytes.NewReader(sealed)
	if isArmored(sealed) {
		in = armor.NewReader(in)
	}
	var unmatched *age.NoIdentityMatchError
	plain, err := age.Decrypt(in, with...)
	switch {
	case errors.As(err, &unmatched):
		return nil, err
	case err != nil:
		return nil, damaged(sealed, err)
	}
	data, err := io.ReadAll(io.LimitReader(plain, plainLimit+1))
	if err == nil && len(data) > plainLimit {
		err = errTooMuch
	}
	if err != nil {
		clear(data)
		return nil, damaged(sealed, err)
	}
	return data, nil
}

var errTooMuch = fmt.Errorf("more than %d bytes", plainLimit)

// ErrDamaged says that something is no sound age file.
var ErrDamaged = errors.New("not a sound age file")

// damaged does not repeat what the library says: that quotes the file, which
// may be a secret in the wrong place.
func damaged(data []byte, err error) error {
	switch {
	case !isSealed(data):
		return fmt.Errorf("%w: it does not start like one", ErrDamaged)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: it is cut short", ErrDamaged)
	case errors.Is(err, errTooMuch):
		return fmt.Errorf("%w: it holds %w", ErrDamaged, err)
	}
	return fmt.Errorf("%w: it has been changed since it was encrypted", ErrDamaged)
}

// witness is a recipient that notes the key of the file, and as an identity
// opens that file with it.
type witness struct {
	age.Recipient
	fileKey []byte
}

func (w *witness) WrapWithLabels(fileKey []byte) ([]*age.Stanza, []string, error) {
	w.fileKey = bytes.Clone(fileKey)
	if labelled, ok := w.Recipient.(age.RecipientWithLabels); ok {
		return labelled.WrapWithLabels(fileKey)
	}
	stanzas, err := w.Wrap(fileKey)
	return stanzas, nil, err
}

func (w *witness) Unwrap([]*age.Stanza) ([]byte, error) { return bytes.Clone(w.fileKey), nil }
