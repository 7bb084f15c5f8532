package envfile

import (
	"encoding/base64"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// secretHost is what a Kubernetes Secret tells the pod that takes it whole
// (envFrom): data is base64, stringData is not and counts.
func secretHost(path string, document *yaml.Node) Host {
	h := Host{Name: path, Path: path, Line: document.Line, ReadBy: "kubernetes"}
	if name := field(field(document, "metadata"), "name"); name != nil && name.Value != "" {
		h.Name = hostenv.SafeName(name.Value)
	}
	plain := map[string]bool{}
	for _, p := range fields(field(document, "stringData")) {
		plain[p.key.Value] = true
		h.Add(p.key.Value, p.value.Line, p.value.Column, []byte(p.value.Value))
	}
	for _, p := range fields(field(document, "data")) {
		if !plain[p.key.Value] && p.value.Tag != "!!null" {
			decoded(&h, p)
		}
	}
	return h
}

// decoded adds a value of data. A public key happens to look like base64.
func decoded(h *Host, p pair) {
	value, err := base64.StdEncoding.DecodeString(p.value.Value)
	if err != nil || keys.WellSpelled(p.value.Value, keys.AnyKind) {
		h.Note(p.value.Line, p.value.Column, lattice.SeverityError, hostenv.RuleBase64,
			"the value of "+p.key.Value+" stands under data, but is not base64", "put it under stringData")
		value = []byte(p.value.Value)
	}
	h.Add(p.key.Value, p.value.Line, p.value.Column, value)
}
