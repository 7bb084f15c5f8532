//go:build unix

package cmd_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// planted is a folder with one of everything that latch reads.
type planted struct{ dir string }

// plantedScene is the folder that all of them are copies of: it takes seven commands to make,
// and there are hundreds.
var plantedScene struct {
	sync.Once
	planted
}

func newPlanted(t *testing.T) planted {
	t.Helper()
	plantedScene.Do(func() {
		s := planted{dir: cmd.Shared("scene")}
		s.furnish(t)
		plantedScene.planted = s
	})
	s := planted{dir: keystoretest.Folder(t)}
	check(t, s.copy(plantedScene.planted))
	return s
}

// copy makes s like another, which knows its folder by name.
func (s planted) copy(like planted) error {
	return filepath.WalkDir(like.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == like.dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		into := s.dir + strings.TrimPrefix(path, like.dir)
		if d.IsDir() {
			return os.Mkdir(into, info.Mode().Perm())
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(into, bytes.ReplaceAll(text, []byte(like.dir), []byte(s.dir)), info.Mode().Perm())
	})
}

func (s planted) furnish(t *testing.T) {
	t.Helper()
	check(t, os.Mkdir(s.dir, 0o700))
	identity, err := age.GenerateX25519Identity()
	check(t, err)
	write := func(name, text string) {
		path := filepath.Join(s.dir, name)
		check(t, os.MkdirAll(filepath.Dir(path), 0o700))
		check(t, os.WriteFile(path, []byte(text), 0o600))
	}
	write(victim, "not for latch\n")
	write("identity", identity.String()+"\n")
	write("passphrase", "correct horse battery staple\n")
	write("config/latch/config.yaml", "output: text\n")
	write("recipients", identity.Recipient().String()+"\n")
	write("data/latch/keyring.json", `{"version":1,"keys":[]}`)
	to := " --to " + identity.Recipient().String()
	for _, args := range []string{
		"lattice init --prefix prod --host web-1 --keystore dir:@/keys",
		"keystore init age:@/team" + to,
		"keys gen cluster --name a --keystore age:@/team",
		"keystore init age:@/locked --passphrase --passphrase-file @/passphrase",
		"keys gen cluster --name b --keystore age:@/locked --passphrase-file @/passphrase",
		"keystore backup @/team.age --keystore age:@/team --identity-file @/identity" + to,
		"env write --dir @/env --keystore dir:@/keys",
	} {
		if code, out := s.run(t, args); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", args, code, out)
		}
	}
	manifest, err := os.ReadFile(filepath.Join(s.dir, "lattice.yaml"))
	check(t, err)
	write("lattice.yaml", string(manifest)+"nats:\n  rpc: {host: 127.0.0.1, creds: users/rpc.creds}\n")
	write("users/rpc.creds", newCreds(t))
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(bytes.Repeat([]byte{3}, 32)))
	check(t, err)
	write("import/x.nk", string(seed.Reveal())+"\n")
	write("list.txt", seed.PublicKey().String()+"\n")
}

// newCreds makes a credentials file as nsc writes it.
func newCreds(t *testing.T) string {
	t.Helper()
	account, err := nkeys.CreateAccount()
	check(t, err)
	user, err := nkeys.CreateUser()
	check(t, err)
	public, err := user.PublicKey()
	check(t, err)
	token, err := jwt.NewUserClaims(public).Encode(account)
	check(t, err)
	seed, err := user.Seed()
	check(t, err)
	file, err := jwt.FormatUserConfig(token, seed)
	check(t, err)
	return string(file)
}
