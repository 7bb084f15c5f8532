package accounts

import (
	"context"
	"errors"
	"slices"

	"github.com/latch-keys/latch/internal/natsconn"
)

// Admission is whether one server lets a user in, found by connecting to it.
type Admission struct {
	URL string
	In  bool
	Err error // why that could not be found out
}

// Addresses are those of all servers that the connection knows of.
func (s Servers) Addresses() []string {
	known := s.Conn.Servers()
	slices.Sort(known)
	return slices.Compact(known)
}

// LetIn tries each address by a connection of its own, which is closed at once and never
// goes to another server. A server gives one answer for every cause of refusal.
func LetIn(ctx context.Context, o natsconn.Options, addresses []string) []Admission {
	all := make([]Admission, len(addresses))
	o.Alone = true
	for i, address := range addresses {
		all[i].URL = address
		o.Server.URLs = []string{address}
		conn, err := natsconn.Connect(ctx, o)
		if err == nil {
			all[i].In = true
			conn.Close()
			continue
		}
		var failure *natsconn.Failure
		if !errors.As(err, &failure) || failure.Step != natsconn.Authenticate {
			all[i].Err = err
		}
	}
	return all
}

// Everywhere reports whether every address was tried, and let the user in or not, as
// wanted.
func Everywhere(admissions []Admission, in bool) bool {
	return len(admissions) > 0 && !slices.ContainsFunc(admissions, func(a Admission) bool { return a.Err != nil || a.In != in })
}
