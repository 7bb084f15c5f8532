package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"
)

// Whatever a copy holds, reading it ends; one that is taken whole gives each message
// that it counts.
func FuzzReadCopy(f *testing.F) {
	var whole bytes.Buffer
	w := &copyWriter{bufio.NewWriter(&whole), sha256.New()}
	for _, line := range []any{
		headLine{copyVersion, "prod", "", time.Unix(1, 0).UTC()},
		streamLine{"KV_LATTICEDATA_prod", []byte(`{"name":"KV_LATTICEDATA_prod"}`)},
		Message{Seq: 1, Subject: "$KV.LATTICEDATA_prod.A", Data: []byte("{}")},
		endLine{"KV_LATTICEDATA_prod", 1},
	} {
		if err := w.line(line); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.line(sumLine{hex.EncodeToString(w.sum.Sum(nil))}); err != nil {
		f.Fatal(err)
	}
	if err := w.out.Flush(); err != nil {
		f.Fatal(err)
	}
	taken := 0
	if _, err := ReadCopy(bytes.NewReader(whole.Bytes()), func(CopiedStream, Message) error { taken++; return nil }); err != nil || taken != 1 {
		f.Fatalf("the first copy is not read: %d messages, %v", taken, err)
	}
	f.Add(whole.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		taken, counted := uint64(0), uint64(0)
		info, err := ReadCopy(bytes.NewReader(data), func(CopiedStream, Message) error { taken++; return nil })
		for _, s := range info.Streams {
			counted += s.Messages
		}
		if err == nil && taken != counted {
			t.Errorf("%d messages were given, %d are counted", taken, counted)
		}
	})
}
