package users

import (
	"errors"
	"io"

	"github.com/latch-keys/latch/internal/keys"
)

// signingPair is a signer in the shape of the library's key pairs. The library asks
// it for the public key alone, which its own pairs compute anew each time, and signs
// by fn.
type signingPair struct {
	signer keys.Signer
	public string
}

func newSigningPair(s keys.Signer) signingPair {
	return signingPair{signer: s, public: s.PublicKey().String()}
}

func (p signingPair) fn(_ string, message []byte) ([]byte, error) {
	return p.signer.Sign(message)
}

var errOnlySigns = errors.New("this key pair only signs")

func (p signingPair) PublicKey() (string, error)          { return p.public, nil }
func (p signingPair) Sign(message []byte) ([]byte, error) { return p.signer.Sign(message) }
func (signingPair) Seed() ([]byte, error)                 { return nil, errOnlySigns }
func (signingPair) PrivateKey() ([]byte, error)           { return nil, errOnlySigns }
func (signingPair) Verify([]byte, []byte) error           { return errOnlySigns }
func (signingPair) Wipe()                                 {}
func (signingPair) Seal([]byte, string) ([]byte, error)   { return nil, errOnlySigns }
func (signingPair) Open([]byte, string) ([]byte, error)   { return nil, errOnlySigns }
func (signingPair) SealWithRand([]byte, string, io.Reader) ([]byte, error) {
	return nil, errOnlySigns
}
