package keystore

import (
	"errors"

	library "github.com/zalando/go-keyring"
)

// goKeyring is the only use of the keyring library.
type goKeyring struct{}

func (goKeyring) Set(service, user, secret string) error {
	return library.Set(service, user, secret)
}

func (goKeyring) Get(service, user string) (string, error) {
	secret, err := library.Get(service, user)
	return secret, translate(err)
}

func (goKeyring) Delete(service, user string) error {
	return translate(library.Delete(service, user))
}

func translate(err error) error {
	if errors.Is(err, library.ErrNotFound) {
		return errNoItem
	}
	return err
}
