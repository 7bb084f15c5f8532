package keyring

import (
	"errors"
	"strings"

	library "github.com/zalando/go-keyring"
)

// goKeyring is the only use of the keyring library.
type goKeyring struct {
	// direct asks the service itself for the secret of an item; nil where there
	// is no need to.
	direct func(service, user string) (string, error)
}

func (goKeyring) Set(service, user, secret string) error {
	return library.Set(service, user, secret)
}

func (g goKeyring) Get(service, user string) (string, error) {
	secret, err := library.Get(service, user)
	if g.direct != nil && halfThere(err) {
		secret, err = g.direct(service, user)
	}
	return secret, translate(err)
}

func (goKeyring) Delete(service, user string) error {
	err := library.Delete(service, user)
	if halfThere(err) {
		// Writing over it makes it an object, which can be deleted.
		if err = library.Set(service, user, "deleted"); err == nil {
			err = library.Delete(service, user)
		}
	}
	return translate(err)
}

func translate(err error) error {
	if errors.Is(err, library.ErrNotFound) {
		return ErrNoItem
	}
	return err
}

// halfThere reports that an item was found, and then was not there. The service
// of gnome-keyring answers so for what the service of another session of the
// same person has stored: it finds the item in the file, but makes no object of
// it, which the library asks.
func halfThere(err error) bool {
	return err != nil && strings.Contains(err.Error(), "does not exist at path")
}
