package vaulttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// mostVersions is how many of a secret are kept.
const mostVersions = 10

// secret is one of the mount, with its versions.
type secret struct {
	current  int
	versions map[int]*version
	custom   map[string]string
}

type version struct {
	data      json.RawMessage
	created   string
	deleted   string
	destroyed bool
}

func (v *version) about(number int, custom map[string]string) map[string]any {
	return map[string]any{
		"version": number, "created_time": v.created, "deletion_time": v.deleted, "destroyed": v.destroyed, "custom_metadata": custom,
	}
}

func (s *Server) keyValue(w http.ResponseWriter, r *http.Request, path string) {
	part, name, ok := strings.Cut(strings.TrimPrefix(path, "secret/"), "/")
	switch at := part + " " + r.Method; {
	case !ok || !strings.HasPrefix(path, "secret/"):
		refuse(w, http.StatusNotFound, fmt.Sprintf("no handler for route %q. route entry not found.", path))
	case r.URL.Query().Get("list") != "" && part == "metadata":
		s.list(w, strings.TrimSuffix(name, "/")+"/")
	case at == "data GET":
		s.read(w, r, name)
	case at == "data POST":
		s.write(w, r, name)
	case at == "data DELETE":
		s.softDelete(w, name)
	case at == "metadata GET":
		s.metadata(w, name)
	case at == "metadata POST":
		s.annotate(w, r, name)
	case at == "metadata DELETE":
		delete(s.secrets, name)
		w.WriteHeader(http.StatusNoContent)
	case at == "destroy POST":
		s.destroy(w, r, name)
	default:
		refuse(w, http.StatusMethodNotAllowed, "1 error occurred:\n\t* unsupported operation\n\n")
	}
}

func (s *Server) list(w http.ResponseWriter, below string) {
	names := map[string]bool{}
	for path := range s.secrets {
		if rest, ok := strings.CutPrefix(path, below); ok {
			if first, _, deeper := strings.Cut(rest, "/"); deeper {
				rest = first + "/"
			}
			names[rest] = true
		}
	}
	if len(names) == 0 {
		refuse(w, http.StatusNotFound)
		return
	}
	answer(w, map[string]any{"keys": slices.Sorted(maps.Keys(names))})
}

func (s *Server) read(w http.ResponseWriter, r *http.Request, name string) {
	found := s.secrets[name]
	if found == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("version"))
	if number == 0 {
		number = found.current
	}
	v := found.versions[number]
	switch {
	case v == nil:
		refuse(w, http.StatusNotFound)
	case v.destroyed || v.deleted != "":
		reply(w, http.StatusNotFound, map[string]any{"data": map[string]any{"data": nil, "metadata": v.about(number, found.custom)}})
	default:
		answer(w, map[string]any{"data": v.data, "metadata": v.about(number, found.custom)})
	}
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, name string) {
	var body struct {
		Options struct {
			CAS *int `json:"cas"`
		} `json:"options"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "error parsing JSON")
		return
	}
	found := s.secrets[name]
	if found == nil {
		found = &secret{versions: map[int]*version{}}
	}
	if body.Options.CAS != nil && *body.Options.CAS != found.current {
		refuse(w, http.StatusBadRequest, "check-and-set parameter did not match the current version")
		return
	}
	s.secrets[name] = found
	found.current++
	v := &version{data: body.Data, created: now()}
	found.versions[found.current] = v
	delete(found.versions, found.current-mostVersions)
	answer(w, v.about(found.current, found.custom))
}

// softDelete marks the current version, which can be undone.
func (s *Server) softDelete(w http.ResponseWriter, name string) {
	if found := s.secrets[name]; found != nil {
		found.versions[found.current].deleted = now()
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) metadata(w http.ResponseWriter, name string) {
	found := s.secrets[name]
	if found == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	versions := map[string]any{}
	for number, v := range found.versions {
		versions[strconv.Itoa(number)] = map[string]any{"created_time": v.created, "deletion_time": v.deleted, "destroyed": v.destroyed}
	}
	answer(w, map[string]any{"current_version": found.current, "versions": versions, "custom_metadata": found.custom})
}

func (s *Server) annotate(w http.ResponseWriter, r *http.Request, name string) {
	var body struct {
		Custom map[string]string `json:"custom_metadata"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "error parsing JSON")
		return
	}
	if s.secrets[name] == nil {
		s.secrets[name] = &secret{versions: map[int]*version{}}
	}
	s.secrets[name].custom = body.Custom
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) destroy(w http.ResponseWriter, r *http.Request, name string) {
	var body struct {
		Versions []int `json:"versions"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Versions) == 0 {
		refuse(w, http.StatusBadRequest, "No version number provided")
		return
	}
	for _, number := range body.Versions {
		if found := s.secrets[name]; found != nil && found.versions[number] != nil {
			v := found.versions[number]
			v.destroyed, v.data = true, nil
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
