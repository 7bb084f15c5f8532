package latticecmd

import (
	"encoding/json"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// refusalDocument is one pair of hosts that cannot talk.
type refusalDocument struct {
	Signer    string         `json:"signer"`
	Acceptor  string         `json:"acceptor"`
	PublicKey keys.PublicKey `json:"public_key"`
}

// standingDocument is what one host signs with and whom it accepts.
type standingDocument struct {
	Host      string         `json:"host"`
	Deployed  bool           `json:"deployed"` // as it was told before
	PublicKey keys.PublicKey `json:"public_key"`
	Accepts   keys.Issuers   `json:"accepts"`
}

func describeStandings(standings []lattice.Standing) []standingDocument {
	docs := make([]standingDocument, len(standings))
	for i, s := range standings {
		docs[i] = standingDocument{s.Host, s.Deployed, s.Signs, s.Accepts}
		if s.Accepts == nil {
			docs[i].Accepts = keys.Issuers{}
		}
	}
	return docs
}

// refusalsDocument lists the pairs that cannot talk. They may be many, so that the
// list is made only where it is written.
type refusalsDocument lattice.Matrix

// MarshalJSON writes the list.
func (d refusalsDocument) MarshalJSON() ([]byte, error) {
	docs := []refusalDocument{}
	for _, r := range lattice.Matrix(d).Refusals() {
		docs = append(docs, refusalDocument{r.Signer, r.Acceptor, r.Key})
	}
	return json.Marshal(docs)
}

// unknownDocument is a host of which its file does not tell how it stands.
type unknownDocument struct {
	Host  string `json:"host"`
	File  string `json:"file"`
	Doubt string `json:"doubt"`
}

func unknownAmong(seen ...[]lattice.Observation) []unknownDocument {
	docs := []unknownDocument{}
	for _, o := range slices.Concat(seen...) {
		if !o.Certain() {
			docs = append(docs, unknownDocument{o.Host, o.Source, o.Doubt})
		}
	}
	return docs
}

func standingsOf(seen []lattice.Observation) []lattice.Standing {
	standings := make([]lattice.Standing, len(seen))
	for i, o := range seen {
		standings[i] = o.Standing
	}
	return standings
}
