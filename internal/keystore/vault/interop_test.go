package vault_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
)

// realServer is a program that runs as long as the test does.
type realServer struct {
	*testing.T

	address, program string
}

// startReal starts the real program, which make interop-vault names.
func startReal(t *testing.T, more ...string) *realServer {
	t.Helper()
	program := os.Getenv("LATCH_VAULT")
	if program == "" {
		t.Skip("make interop-vault names the real server that this needs")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	keystoretest.Must(t, err)
	host := l.Addr().String()
	keystoretest.Must(t, l.Close())
	run := exec.Command(program, append([]string{"server", "-dev", "-dev-root-token-id=" + vaulttest.RootToken, "-dev-listen-address=" + host}, more...)...)
	run.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	var said bytes.Buffer
	run.Stdout, run.Stderr = &said, &said
	keystoretest.Must(t, run.Start())
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})
	s := &realServer{T: t, address: "http://" + host, program: program}
	if len(more) > 0 {
		return s
	}
	s.until("it answers", func() bool {
		reply, err := http.Get(s.address + "/v1/sys/health")
		if err == nil {
			_ = reply.Body.Close()
		}
		return err == nil && reply.StatusCode == http.StatusOK
	})
	return s
}

// until waits for a condition.
func (s *realServer) until(what string, met func() bool) {
	s.Helper()
	for start := time.Now(); !met(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > time.Minute {
			s.Fatalf("%s: still not after a minute", what)
		}
	}
}

func (s *realServer) environ() []string {
	return []string{"VAULT_ADDR=" + s.address, "VAULT_TOKEN=" + vaulttest.RootToken}
}

// do asks as root, and gives the status and the answer.
func (s *realServer) do(verb, path string, body any) (int, map[string]any) {
	s.Helper()
	return asked(s.T, s.address, verb, path, body)
}

func asked(t *testing.T, address, verb, path string, body any) (int, map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	keystoretest.Must(t, err)
	ask, err := http.NewRequestWithContext(t.Context(), verb, address+"/v1/"+path, bytes.NewReader(text))
	keystoretest.Must(t, err)
	ask.Header.Set("X-Vault-Token", vaulttest.RootToken)
	reply, err := http.DefaultClient.Do(ask)
	keystoretest.Must(t, err)
	defer func() { _ = reply.Body.Close() }()
	data, err := io.ReadAll(reply.Body)
	keystoretest.Must(t, err)
	var answer map[string]any
	_ = json.Unmarshal(data, &answer)
	return reply.StatusCode, answer
}

// must has something done that is not what the test is about.
func (s *realServer) must(verb, path string, body any) map[string]any {
	s.Helper()
	status, answer := s.do(verb, path, body)
	if status >= 300 {
		s.Fatalf("%s %s: %d %v", verb, path, status, answer)
	}
	return answer
}

func TestInteropContract(t *testing.T) {
	server := startReal(t)
	n := 0
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		n++
		return at(t, server.environ(), fmt.Sprintf("team/%d", n))
	})
}

// The stand-in of the other tests answers what the real server answers.
func TestInteropStandIn(t *testing.T) {
	server := startReal(t)
	server.must("POST", "sys/mounts/old", map[string]any{"type": "kv", "options": map[string]string{"version": "1"}})
	standIn := vaulttest.Start(t)
	over := func(n int, data map[string]any) map[string]any {
		return map[string]any{"options": map[string]int{"cas": n}, "data": data}
	}
	seed := map[string]any{"seed": "SC", "deleted": false}
	for _, q := range []struct {
		verb, path string
		body       any
	}{
		{"GET", "sys/internal/ui/mounts/secret/team", nil},
		{"GET", "sys/internal/ui/mounts/old/team", nil},
		{"GET", "sys/internal/ui/mounts/cubbyhole/team", nil},
		{"GET", "nowhere/data/team/a", nil},
		{"GET", "secret/metadata/team?list=true", nil},
		{"GET", "secret/data/team/a", nil},
		{"GET", "secret/metadata/team/a", nil},
		{"POST", "secret/data/team/a", over(1, seed)},
		{"POST", "secret/data/team/a", over(0, seed)},
		{"POST", "secret/data/team/a", over(0, seed)},
		{"GET", "secret/data/team/a", nil},
		{"GET", "secret/data/team/a?version=1", nil},
		{"GET", "secret/data/team/a?version=2", nil},
		{"POST", "secret/metadata/team/a", map[string]any{"custom_metadata": map[string]string{"version": "1"}}},
		{"GET", "secret/data/team/a", nil},
		{"GET", "secret/metadata/team/a", nil},
		{"POST", "secret/data/team/a", over(1, map[string]any{"deleted": true})},
		{"POST", "secret/destroy/team/a", map[string]any{"versions": []int{1, 2, 7}}},
		{"GET", "secret/data/team/a", nil},
		{"GET", "secret/data/team/a?version=1", nil},
		{"GET", "secret/metadata/team/a", nil},
		{"GET", "secret/metadata/team?list=true", nil},
		{"POST", "secret/data/team/a", over(0, seed)},
		{"POST", "secret/data/team/a", over(2, seed)},
		{"DELETE", "secret/data/team/a", nil},
		{"GET", "secret/data/team/a", nil},
		{"GET", "secret/metadata/team/a", nil},
		{"POST", "secret/data/team/a", over(3, seed)},
		{"POST", "secret/data/team/sub/b", over(0, seed)},
		{"GET", "secret/metadata/team?list=true", nil},
		{"DELETE", "secret/metadata/team/a", nil},
		{"GET", "secret/data/team/a", nil},
	} {
		status, answer := server.do(q.verb, q.path, q.body)
		stood, said := asked(t, standIn.URL, q.verb, q.path, q.body)
		if there, here := seenBy(answer), seenBy(said); status != stood || there != here {
			t.Errorf("%s %s:\n%d %s, and the stand-in\n%d %s", q.verb, q.path, status, there, stood, here)
		}
	}
}

// seenBy is what a client heeds of an answer, times as whether there is one.
func seenBy(answer map[string]any) string {
	var trim func(any) any
	trim = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			kept := map[string]any{}
			for _, name := range []string{
				"data", "errors", "keys", "metadata", "version", "versions", "1", "2", "3", "4", "destroyed", "deletion_time",
				"custom_metadata", "current_version", "path", "type", "options", "seed", "deleted",
			} {
				if inner, there := v[name]; there {
					kept[name] = trim(inner)
				}
			}
			return kept
		case string:
			if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return "a time"
			}
		}
		return v
	}
	text, _ := json.Marshal(trim(answer))
	return string(text)
}

// What the vault command shows and stores by hand, and what latch does, are the same.
func TestInteropCommand(t *testing.T) {
	server := startReal(t)
	command := func(args ...string) string {
		run := exec.CommandContext(t.Context(), server.program, args...)
		run.Env = append(server.environ(), "HOME="+t.TempDir())
		out, err := run.Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return strings.TrimSpace(string(out))
	}
	store := at(t, server.environ(), "team")()
	ours, theirs := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, store.Put(t.Context(), "ours", ours))
	if got := command("kv", "get", "-field=seed", "secret/team/ours"); got != string(ours.Reveal()) {
		t.Error("the command does not show the seed that latch has stored")
	}
	command("kv", "put", "secret/team/theirs", "seed="+string(theirs.Reveal()))
	if got, err := store.Get(t.Context(), "theirs"); err != nil || got.PublicKey() != theirs.PublicKey() {
		t.Error(got, err)
	}
	if got := keystoretest.Public(t, store, "theirs"); got != theirs.PublicKey() {
		t.Errorf("it is listed as %s", got)
	}
	keystoretest.Must(t, keystoretest.Delete(t, store, "ours"))
	if _, answer := server.do("GET", "secret/data/team/ours?version=1", nil); strings.Contains(fmt.Sprint(answer), string(ours.Reveal())) {
		t.Error("the first version of a deleted seed is still there")
	}
}

// What goes wrong on a real server is told apart, with what to do.
func TestInteropErrors(t *testing.T) {
	server := startReal(t)
	server.must("POST", "sys/mounts/old", map[string]any{"type": "kv", "options": map[string]string{"version": "1"}})
	server.must("POST", "sys/policies/acl/some", map[string]string{"policy": `path "secret/data/team/mine" { capabilities = ["read"] }`})
	some := server.must("POST", "auth/token/create", map[string]any{"policies": []string{"some"}})["auth"].(map[string]any)["client_token"].(string)
	gone := server.must("POST", "auth/token/create", map[string]any{"policies": []string{"some"}})["auth"].(map[string]any)["client_token"].(string)
	server.must("POST", "auth/token/revoke", map[string]string{"token": gone})
	keystoretest.Must(t, at(t, server.environ(), "team")().Put(t.Context(), "mine", keystoretest.NewSeed(t, keys.Cluster)))
	keystoretest.Must(t, at(t, server.environ(), "team")().Put(t.Context(), "other", keystoretest.NewSeed(t, keys.Cluster)))
	as := func(token string) []string { return []string{"VAULT_ADDR=" + server.address, "VAULT_TOKEN=" + token} }
	get := func(environ []string, uri, name string) error {
		_, err := keystoretest.Open(t, uri, keystore.Deps{Environ: environ}).Get(t.Context(), name)
		return err
	}
	if err := get(as(some), "vault:secret/team", "mine"); err != nil {
		t.Errorf("a policy for one seed does not open it: %v", err)
	}
	for what, c := range map[string]struct {
		err  error
		kind fault.Kind
		says string
	}{
		"another's seed":    {get(as(some), "vault:secret/team", "other"), fault.Unavailable, "does not let this token read secret/data/team/other"},
		"a token withdrawn": {get(as(gone), "vault:secret/team", "mine"), fault.Locked, "takes the token no longer"},
		"no token at all":   {get(as("nonsense"), "vault:secret/team", "mine"), fault.Locked, "takes the token no longer"},
		"version 1":         {get(server.environ(), "vault:old/team", "mine"), fault.Refused, "KV version 1"},
		"no key-value":      {get(server.environ(), "vault:cubbyhole/team", "mine"), fault.Refused, "of the type cubbyhole"},
		"no such mount":     {get(server.environ(), "vault:nowhere/team", "mine"), fault.Unavailable, "shows this token nothing at nowhere/team"},
		"https":             {get([]string{"VAULT_ADDR=https" + strings.TrimPrefix(server.address, "http"), "VAULT_TOKEN=x"}, "vault:secret/team", "mine"), fault.Unavailable, "does not speak TLS"},
	} {
		if !fault.Is(c.err, c.kind) || !strings.Contains(c.err.Error(), c.says) || fault.HintOf(c.err) == "" {
			t.Errorf("%s: %v, want %q of the kind %s", what, c.err, c.says, c.kind)
		}
	}
	server.must("POST", "sys/seal", nil)
	if err := get(server.environ(), "vault:secret/team", "mine"); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "is sealed") {
		t.Errorf("sealed: %v", err)
	}
}

// The policy that the documentation shows is enough for everything, and a host's for
// its own seed.
func TestInteropPolicy(t *testing.T) {
	server := startReal(t)
	page, err := os.ReadFile("../../../docs/keystores.md")
	keystoretest.Must(t, err)
	_, policy, _ := strings.Cut(string(page), "```hcl\n")
	policy, _, found := strings.Cut(policy, "```")
	if !found {
		t.Fatal("the documentation shows no policy")
	}
	server.must("POST", "sys/policies/acl/all", map[string]string{"policy": policy})
	token := server.must("POST", "auth/token/create", map[string]any{"policies": []string{"all"}})["auth"].(map[string]any)["client_token"].(string)
	environ := []string{"VAULT_ADDR=" + server.address, "VAULT_TOKEN=" + token}
	store := at(t, environ, "lattice")()
	seed := keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, store.Put(t.Context(), "a", seed))
	keystoretest.Must(t, store.Rename(t.Context(), "a", "b", seed.PublicKey()))
	if entries, err := store.List(t.Context()); err != nil || len(entries) != 1 {
		t.Error(entries, err)
	}
	if findings, err := keystore.Reconcile(t.Context(), store, true); err != nil || len(findings) > 0 {
		t.Error(findings, err)
	}
	keystoretest.Must(t, store.Delete(t.Context(), "b", seed.PublicKey()))
	if _, err := at(t, environ, "other")().List(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("another path is open too: %v", err)
	}
}

// A server with TLS is taken by who names its CA, and by nobody else.
func TestInteropTLS(t *testing.T) {
	dir := t.TempDir()
	server := startReal(t, "-dev-tls", "-dev-tls-cert-dir="+dir)
	server.address = "https" + strings.TrimPrefix(server.address, "http")
	open := func(more ...string) keystore.Store { return at(t, append(server.environ(), more...), "team")() }
	server.until("it answers", func() bool {
		_, err := open("VAULT_CACERT=" + dir + "/vault-ca.pem").List(context.WithoutCancel(t.Context()))
		return err == nil
	})
	if _, err := open().List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "VAULT_CACERT") {
		t.Errorf("without the CA: %v", err)
	}
	server.address = "http" + strings.TrimPrefix(server.address, "https")
	if _, err := open().List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "VAULT_ADDR=https://") {
		t.Errorf("in clear: %v", err)
	}
}
