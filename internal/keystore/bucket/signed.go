package bucket

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// What is signed begins with one line: what it is, by whom it is signed, and the
// signature over what follows it.
const (
	signedRoot     = "latch-root-1"
	signedSeed     = "latch-seed-1"
	signedManifest = "latch-manifest-1"
)

var errNotSigned = errors.New("it is not signed as latch does")

// sign puts the signature before a body.
func sign(what string, signer keys.Seed, body []byte) ([]byte, error) {
	signature, err := signer.Sign(vouched(what, body))
	if err != nil {
		return nil, err
	}
	line := what + " " + signer.PublicKey().String() + " " + base64.RawURLEncoding.EncodeToString(signature) + "\n"
	return append([]byte(line), body...), nil
}

// vouched is what the signature is over: of one thing it is never one of another.
func vouched(what string, body []byte) []byte {
	return append([]byte("latch keystore "+what+"\n"), body...)
}

// verify gives the body and by whom it is signed; whether that counts is the
// caller's to judge.
func verify(what string, data []byte) (body []byte, by keys.PublicKey, err error) {
	line, body, _ := bytes.Cut(data, []byte("\n"))
	words := strings.Split(string(line), " ")
	if len(words) != 3 || words[0] != what {
		return nil, by, errNotSigned
	}
	by, err = keys.ParsePublicKey(words[1], keys.User)
	if err != nil {
		return nil, by, errNotSigned
	}
	signature, err := base64.RawURLEncoding.DecodeString(words[2])
	if err != nil {
		return nil, by, errNotSigned
	}
	return body, by, by.Verify(vouched(what, body), signature)
}
