package keyring

import (
	"context"
	"errors"
	"strings"

	"github.com/danieljoos/wincred"
)

// newItems lists the users of our credentials, which the library names
// service:user.
func newItems([]string) func(context.Context) ([]string, error) {
	return func(context.Context) ([]string, error) {
		all, err := wincred.FilteredList(service + ":*")
		if errors.Is(err, wincred.ErrElementNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var found []string
		for _, credential := range all {
			if user, ours := strings.CutPrefix(credential.TargetName, service+":"); ours {
				found = append(found, user)
			}
		}
		return found, nil
	}
}

// newDirect is nil: there is no need to.
func newDirect([]string) func(service, user string) (string, error) { return nil }
