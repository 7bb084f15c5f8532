package cache_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// BenchmarkManyMessages looks at, copies, purges and restores 100,000 messages of
// 600 bytes, as claims are. The heap is what it grows by while a copy is
// written that is not kept; the server is in it.
func BenchmarkManyMessages(b *testing.B) {
	const count = 100_000
	server := start(b)
	p := place{conn: server.Connect(b, natsconn.Login{})}
	s := wasmbustest.Stores()[1]
	s.Entries = nil
	made(b, p, s, "prod")
	js, err := jetstream.New(p.conn.Conn)
	if err != nil {
		b.Fatal(err)
	}
	data := bytes.Repeat([]byte("c"), 600)
	for i := range count {
		if _, err := js.PublishMsgAsync(&nats.Msg{Subject: fmt.Sprintf("$KV.LATTICEDATA_prod.CLAIMS_%d", i), Data: data}); err != nil {
			b.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
	c := cache.Of(p.conn, "prod", "")
	for b.Loop() {
		step := func(name string, do func() error) {
			begun := time.Now()
			if err := do(); err != nil {
				b.Fatal(name, err)
			}
			b.ReportMetric(time.Since(begun).Seconds(), name+"-s")
		}
		var streams []cache.Stream
		step("look", func() error { streams = full(b, c); return nil })
		var text bytes.Buffer
		step("copy", func() error { return c.Copy(b.Context(), &text, streams, time.Now(), quietly) })
		var most, before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		step("copy-away", func() error {
			n := 0
			return c.Copy(b.Context(), io.Discard, streams, time.Now(), func(int64) {
				if n++; n%5000 == 0 {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					if m.HeapAlloc > most.HeapAlloc {
						most = m
					}
				}
			})
		})
		b.ReportMetric((float64(most.HeapAlloc)-float64(before.HeapAlloc))/(1<<20), "heap-MiB")
		b.ReportMetric(float64(text.Len())/(1<<20), "copy-MiB")
		step("verify", func() error { _, err := cache.ReadCopy(bytes.NewReader(text.Bytes()), ignored); return err })
		step("purge", func() error { _, err := c.Purge(b.Context(), streams); return err })
		step("restore", func() error { _, err := restore(b.Context(), c, text.Bytes(), false); return err })
	}
}
