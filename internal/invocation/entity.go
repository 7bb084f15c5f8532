package invocation

import "strings"

// scheme begins every URL of an entity.
const scheme = "wasmbus://"

// Entity is one end of a call: an actor, named by its public key alone, or a
// provider, reached under a contract and by a link.
type Entity struct {
	PublicKey  string `json:"public_key"`
	LinkName   string `json:"link_name,omitempty"`
	ContractID string `json:"contract_id,omitempty"`
}

// URL is the entity as claims name it: wasmbus://KEY for whatever has a key that
// begins with m or M, and wasmbus://CONTRACT/LINK/KEY for anything else, even
// where contract and link are empty. Source: wasmcloud-core 0.2.0 src/lib.rs.
func (e Entity) URL() string {
	if strings.HasPrefix(e.PublicKey, "M") || strings.HasPrefix(e.PublicKey, "m") {
		return scheme + e.PublicKey
	}
	contract := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(e.ContractID, ":", "/"), " ", "_"))
	link := strings.ToLower(strings.ReplaceAll(e.LinkName, " ", "_"))
	return scheme + contract + "/" + link + "/" + e.PublicKey
}
