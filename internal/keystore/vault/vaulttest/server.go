package vaulttest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// RootToken may do everything.
const RootToken = "root-token-of-a-test"

// Server stands in for a Vault server. What is set must be set before it is asked.
type Server struct {
	*httptest.Server

	// Before sees every request, and answers it where it returns true.
	Before func(w http.ResponseWriter, r *http.Request) bool

	mu      sync.Mutex
	secrets map[string]*secret
	sealed  bool
	denied  []string // METHOD path
}

// Start starts one, which ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := Run()
	t.Cleanup(s.Close)
	return s
}

// Run starts one, which ends when it is closed.
func Run() *Server {
	s := &Server{secrets: map[string]*secret{}}
	s.Server = httptest.NewServer(s)
	return s
}

// Environ are the variables that lead to it.
func (s *Server) Environ() []string {
	return []string{"VAULT_ADDR=" + s.URL, "VAULT_TOKEN=" + RootToken}
}

// Seal has it answer nothing any more.
func (s *Server) Seal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = true
}

// Deny takes a right from the token: "GET secret/data/team/a", or what begins so.
func (s *Server) Deny(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied = append(s.denied, what)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.Before != nil && s.Before(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v1/")
	switch {
	case s.sealed:
		refuse(w, http.StatusServiceUnavailable, "Vault is sealed")
	case r.Header.Get("X-Vault-Token") != RootToken:
		refuse(w, http.StatusForbidden, "permission denied", "invalid token")
	case s.denies(r.Method + " " + path):
		refuse(w, http.StatusForbidden, "1 error occurred:\n\t* permission denied\n\n")
	case path == "auth/token/lookup-self":
		answer(w, map[string]any{"policies": []string{"root"}})
	default:
		s.mounts(w, r, path)
	}
}

func (s *Server) denies(what string) bool {
	for _, d := range s.denied {
		if strings.HasPrefix(what, d) {
			return true
		}
	}
	return false
}

// mounts answers for what is mounted where.
func (s *Server) mounts(w http.ResponseWriter, r *http.Request, path string) {
	asked, preflight := strings.CutPrefix(path, "sys/internal/ui/mounts/")
	mount, _, _ := strings.Cut(asked, "/")
	switch {
	case preflight && mount == "secret":
		answer(w, map[string]any{"path": "secret/", "type": "kv", "options": map[string]string{"version": "2"}})
	case preflight && mount == "old":
		answer(w, map[string]any{"path": "old/", "type": "kv", "options": map[string]string{"version": "1"}})
	case preflight && mount == "cubbyhole":
		answer(w, map[string]any{"path": "cubbyhole/", "type": "cubbyhole", "options": nil})
	case preflight:
		refuse(w, http.StatusForbidden, "preflight capability check returned 403, please ensure client's policies grant access to path \""+asked+"/\"")
	default:
		s.keyValue(w, r, path)
	}
}

func answer(w http.ResponseWriter, data any) { reply(w, http.StatusOK, map[string]any{"data": data}) }

// refuse says no; without a reason, that there is nothing.
func refuse(w http.ResponseWriter, status int, why ...string) {
	if why == nil {
		why = []string{}
	}
	reply(w, status, map[string]any{"errors": why})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func now() string { return time.Now().UTC().Format(time.RFC3339Nano) }

// Holds tells whether any version of any secret holds a text.
func (s *Server) Holds(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, each := range s.secrets {
		for _, v := range each.versions {
			if strings.Contains(string(v.data), text) {
				return true
			}
		}
	}
	return false
}
