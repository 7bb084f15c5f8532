package bucket_test

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// count adds one to the number in a cell, and again where others were faster: it gives
// how often.
func count(t *testing.T, c *bucket.Cell, who string) (again int64) {
	for ; ; again++ {
		data, revision, err := c.Read(t.Context())
		written := false
		if err == nil {
			written, err = c.Write(t.Context(), []byte(strconv.Itoa(number(data)+1)+" "+who), revision)
		}
		switch {
		case err != nil:
			t.Error(err)
			return again
		case written:
			return again
		}
	}
}

func number(data []byte) int {
	text, _, _ := strings.Cut(string(data), " ")
	n, _ := strconv.Atoi(text)
	return n
}

// Many change one cell through all servers of a cluster while its leader is killed: no
// change is lost, each is made over the one before, and the bucket keeps one revision.
// One whose answer was lost may count, though others were faster by then.
func TestManyChangeACell(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	const writers, each = 6, 15
	var all sync.WaitGroup
	var again atomic.Int64
	for i := range writers {
		options := servers[i%3].Options(natsconn.Login{})
		options.Reconnect = true
		for _, s := range servers {
			options.Server.URLs = append(options.Server.URLs, s.URL())
		}
		conn, err := natsconn.Connect(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		all.Go(func() {
			for n := range each {
				if i == 0 && n == each/3 {
					leader(t, servers).Stop()
				}
				again.Add(count(t, bucket.CellOn(conn, "team", "prod"), strconv.Itoa(i)))
			}
		})
	}
	all.Wait()
	for _, s := range servers {
		if !s.Running() {
			continue
		}
		conn := s.Connect(t, natsconn.Login{})
		data, revision, err := bucket.CellOn(conn, "team", "prod").Read(t.Context())
		if n := number(data); err != nil || n < writers*each || n > writers*each+int(again.Load()) || revision < uint64(n) {
			t.Errorf("%s of %d, and %d made again, at revision %d, %v", data, writers*each, again.Load(), revision, err)
		}
	}
}

// An answer that is lost, and a request that is lost, look the same: either way the
// value is written once.
func TestACellSurvivesWhatIsLost(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	for lost, act := range map[string]func(w *wires) bool{
		"answer":  func(w *wires) bool { w.muted = true; return true },
		"request": func(*wires) bool { return false },
	} {
		t.Run(lost, func(t *testing.T) {
			t.Parallel()
			options := server.Options(natsconn.Login{})
			options.Dial = (&wires{said: once("$KV."+lost+".prod", act)}).dial()
			conn, err := natsconn.Connect(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			c := bucket.CellOn(conn, lost, "prod")
			began := time.Now()
			count(t, c, "me")
			if took := time.Since(began); took < 500*time.Millisecond {
				t.Errorf("nothing was lost: it took %s", took)
			}
			count(t, c, "me")
			if data, revision, err := c.Read(t.Context()); err != nil || number(data) != 2 || revision != 2 {
				t.Errorf("%s at revision %d, %v", data, revision, err)
			}
		})
	}
}

// The cell of a keystore lies beside it, in a bucket that keeps no history.
func TestACellBesideAKeystore(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	p := newTeam(t, "team", server)
	c := p.open(t).Cell("_rollout", "prod")
	count(t, c, "me")
	count(t, c, "me")
	data, revision, err := bucket.CellOn(server.Connect(t, natsconn.Login{}), "team_rollout", "prod").Read(t.Context())
	if err != nil || number(data) != 2 || revision != 2 {
		t.Errorf("%s at revision %d, %v", data, revision, err)
	}
	if written, err := c.Write(t.Context(), []byte("x"), 1); written || err != nil {
		t.Errorf("written over an old revision: %v, %v", written, err)
	}
}
