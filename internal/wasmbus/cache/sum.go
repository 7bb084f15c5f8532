package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
)

// sum tells messages in their order apart from others: by subject, header and data.
type sum struct {
	hash  hash.Hash
	count uint64
}

func newSum() *sum { return &sum{hash: sha256.New()} }

func (s *sum) add(subject string, header nats.Header, data []byte) {
	s.count++
	s.text(subject)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			s.text(name)
			s.text(value)
		}
	}
	s.text("")
	s.bytes(data)
}

func (s *sum) text(text string) { s.bytes([]byte(text)) }

func (s *sum) bytes(data []byte) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(data)))
	s.hash.Write(length[:])
	s.hash.Write(data)
}

func (s *sum) equal(other *sum) bool {
	return s.count == other.count && string(s.hash.Sum(nil)) == string(other.hash.Sum(nil))
}

// headerOf reads a header as it travels. Conditions are left out: a server obeys
// them when a message is stored, and they were true only then.
func headerOf(raw []byte) (header nats.Header, conditions int, err error) {
	if len(raw) == 0 {
		return nil, 0, nil
	}
	header, err = nats.DecodeHeadersMsg(raw)
	for name := range header {
		if name == "Nats-Msg-Id" || strings.HasPrefix(name, "Nats-Expected-") || strings.HasPrefix(name, "Nats-Batch-") {
			delete(header, name)
			conditions++
		}
	}
	return header, conditions, err
}
