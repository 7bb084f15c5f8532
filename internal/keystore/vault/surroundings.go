package vault

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// surroundings are the variables that the clients of Vault and OpenBao read, NAME=value.
type surroundings []string

// value is that of a variable, "" for none.
func (s surroundings) value(name string) string {
	for _, pair := range s {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}

// get is what BAO_NAME says, or else VAULT_NAME.
func (s surroundings) get(name string) string {
	if value := s.value("BAO_" + name); value != "" {
		return value
	}
	return s.value("VAULT_" + name)
}

// home is the folder of the person.
func (s surroundings) home() string {
	if home := s.value("HOME"); home != "" {
		return home
	}
	return s.value("USERPROFILE")
}

const (
	// mostSecret is more than any token, in bytes.
	mostSecret = 64 << 10
	// serviceAccount is where Kubernetes gives a pod its token.
	serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/token"
	// tokenFile is where vault login and bao login leave a token, in the home folder.
	tokenFile = ".vault-token"
)

// secret is what a variable holds, or a file that another one names.
func (s surroundings) secret(ctx context.Context, name, file string) (string, error) {
	if value := s.get(name); value != "" {
		return strings.TrimSpace(value), nil
	}
	path := s.get(file)
	if path == "" {
		return "", fault.New(fault.Unavailable, "neither VAULT_%s nor VAULT_%s is set", name, file).WithHint("set one of them")
	}
	return readSecret(ctx, path)
}

// readSecret reads a secret that lies in a file.
func readSecret(ctx context.Context, path string) (string, error) {
	data, err := safefile.ReadHanded(ctx, path, mostSecret)
	defer clear(data)
	return strings.TrimSpace(string(data)), fault.Hint(fault.As(fault.Unavailable, err), "check the variable that names the file: VAULT_ID_TOKEN_FILE, VAULT_SECRET_ID_FILE")
}

// leftToken is what a login of the vault or bao command has left, "" for nothing.
func (s surroundings) leftToken(ctx context.Context) string {
	home := s.home()
	if home == "" {
		return ""
	}
	token, err := readSecret(ctx, filepath.Join(home, tokenFile))
	if err != nil {
		return "" // then nobody is logged in
	}
	return token
}
