package natsconn

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
)

// Context is a connection that the nats command knows by a name. Source: jsm.go
// natscontext/context.go.
type Context struct {
	Server      Server
	Login       Login  // without what stands in the files below
	Creds, NKey string // paths, "" for none
	InboxPrefix string
}

// contextEnding is that of a context's file.
const contextEnding = ".json"

func contextsBelow(configs string) string { return filepath.Join(configs, "nats", "context") }

// Contexts names the contexts in a folder of configurations.
func Contexts(configs string) []string {
	entries, _ := os.ReadDir(contextsBelow(configs))
	var names []string
	for _, entry := range entries {
		if name, found := strings.CutSuffix(entry.Name(), contextEnding); found && !entry.IsDir() {
			names = append(names, name)
		}
	}
	return names
}

// mostContext is more than any context, in bytes.
const mostContext = 1 << 20

// ReadContext reads the context of that name in a folder of configurations:
// ~/.config where the nats command keeps its own. Paths in it that begin with ~/
// start at home. The caller reads Creds and NKey and wipes the login's seed.
func ReadContext(configs, home, name string) (Context, error) {
	if name == "" || filepath.Base(name) != name {
		return Context{}, fault.New(fault.Usage, "%q is no name of a context", name).WithHint("nats context ls names them")
	}
	path := filepath.Join(contextsBelow(configs), name+contextEnding)
	text, err := safefile.Read(path, safefile.Owned, mostContext)
	if err != nil {
		return Context{}, fault.Hint(err, "nats context ls names the contexts that there are")
	}
	defer clear(text)
	file, err := parseContext(text)
	if err != nil {
		return Context{}, fault.New(fault.Failed, "%s", path).Because(err)
	}
	return file.connection(home)
}

// contextFile is what latch takes from one.
type contextFile struct {
	URL         string `json:"url"`
	User        string `json:"user"`
	Password    string `json:"password"`
	Token       string `json:"token"`
	Creds       string `json:"creds"`
	NKey        string `json:"nkey"`
	UserJWT     string `json:"user_jwt"`
	UserSeed    string `json:"user_seed"`
	NSC         string `json:"nsc"`
	Proxy       string `json:"socks_proxy"`
	CA          string `json:"ca"`
	Certificate string `json:"cert"`
	Key         string `json:"key"`
	First       bool   `json:"tls_first"`
	InboxPrefix string `json:"inbox_prefix"`
}

func parseContext(text []byte) (contextFile, error) {
	var file contextFile
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&file); err != nil { // its error may repeat a password
		return file, fault.New(fault.Failed, "it is no context of the nats command")
	}
	switch {
	case file.NSC != "":
		return file, fault.New(fault.Failed, "it takes its credentials from nsc, which latch does not run").
			WithHint("nsc generate creds writes a file that --creds takes")
	case file.Proxy != "":
		return file, fault.New(fault.Failed, "it connects through a SOCKS proxy, which latch does not")
	}
	return file, nil
}

func (f contextFile) connection(home string) (Context, error) {
	at := func(path string) string {
		if rest, below := strings.CutPrefix(path, "~/"); below && home != "" {
			return filepath.Join(home, rest)
		}
		return path
	}
	c := Context{
		Server: Server{TLS: TLS{First: f.First, CA: at(f.CA), Certificate: at(f.Certificate), Key: at(f.Key)}},
		Login:  Login{JWT: f.UserJWT, Name: f.User, Password: f.Password, Token: f.Token},
		Creds:  at(f.Creds), NKey: at(f.NKey), InboxPrefix: f.InboxPrefix,
	}
	if f.URL == "" {
		f.URL = DefaultURL
	}
	var err error
	if c.Server.URLs, err = ParseURLs(f.URL); err != nil {
		return Context{}, err
	}
	if f.UserSeed == "" {
		return c, nil
	}
	c.Login.Seed, err = keys.ParseSeed([]byte(f.UserSeed), keys.User)
	return c, err
}
