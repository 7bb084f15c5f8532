package natscmd

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// configDocument is the users of a server's configuration as JSON output gives
// them.
type configDocument struct {
	Lattice string             `json:"lattice"`
	Account string             `json:"account"`
	Users   []nkeyUserDocument `json:"users"`
	LeftOut []leftOutDocument  `json:"left_out"`
	File    string             `json:"file,omitempty"`
}

// nkeyUserDocument is one of them.
type nkeyUserDocument struct {
	PublicKey   keys.PublicKey       `json:"public_key"`
	Roles       []wasmcloud.Role     `json:"roles"`
	Hosts       []string             `json:"hosts"`
	Permissions []permissionDocument `json:"permissions"`
	Responses   *responsesDocument   `json:"responses,omitempty"`
}

// leftOutDocument is a connection that has no user there.
type leftOutDocument struct {
	Host   string `json:"host"`
	For    string `json:"for"`
	Reason string `json:"reason"`
}

func describeConfig(name, account string, found *credentials.NkeyUsers) configDocument {
	doc := configDocument{Lattice: name, Account: account, Users: []nkeyUserDocument{}, LeftOut: []leftOutDocument{}}
	for _, u := range found.Users {
		rights, responses := describeSet(u.Needs)
		doc.Users = append(doc.Users, nkeyUserDocument{u.PublicKey, u.Roles, append([]string{}, u.Hosts...), rights, responses})
	}
	for _, left := range found.LeftOut {
		doc.LeftOut = append(doc.LeftOut, leftOutDocument{left.Host, left.Purpose.String(), left.Reason})
	}
	return doc
}

// writeFragment writes the account, for the inside of the accounts block of a
// server's configuration.
func writeFragment(w io.Writer, m lattice.Manifest, o configOptions, users []credentials.NkeyUser) {
	name := m.Lattice + ".conf"
	if o.out != "" {
		name = filepath.Base(o.out)
	}
	fmt.Fprintf(w, `# The NATS users of the lattice %s, generation %d, made by latch nats users config.
# It goes inside the accounts block of the server: accounts { include %q }
# A second accounts block, or a second account of this name, replaces the first.
%q {
  jetstream: enabled
  users: [
`, m.Lattice, m.Generation, name, o.account)
	for _, u := range users {
		fmt.Fprintf(w, "    { # %s\n      nkey: %q\n", whoIs(u), u.PublicKey)
		u.Needs.WriteConfig(w, 3)
		fmt.Fprint(w, "    }\n")
	}
	fmt.Fprint(w, "  ]\n}\n")
}

// whoIs says in one line who logs in with the key.
func whoIs(u credentials.NkeyUser) string {
	var roles []string
	for _, r := range u.Roles {
		roles = append(roles, r.String())
	}
	if len(u.Hosts) == 0 {
		return strings.Join(roles, ", ")
	}
	return strings.Join(roles, ", ") + " of " + fewOf(u.Hosts)
}
