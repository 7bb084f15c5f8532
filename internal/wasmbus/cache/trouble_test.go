package cache_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// rights are those that purging and restoring a stream takes.
func rights(stream, subjects string) []string {
	return []string{
		"$JS.API.STREAM.INFO." + stream, "$JS.API.STREAM.MSG.GET." + stream, "$JS.API.STREAM.PURGE." + stream, "$JS.API.STREAM.CREATE." + stream, subjects,
	}
}

// TestRights: with just the rights that are documented all works; without one of
// them the error names it at once, and nothing is lost.
func TestRights(t *testing.T) {
	t.Parallel()
	s := wasmbustest.Stores()[1]
	const stream, subjects = "KV_LATTICEDATA_prod", "$KV.LATTICEDATA_prod.>"
	needed := rights(stream, subjects)
	users := []string{"{user: all, password: x}"}
	for missing := -1; missing < len(needed); missing++ {
		allowed := []string{`"$JS.API.STREAM.INFO.*"`}
		for i, right := range needed {
			if i != missing && i != 0 {
				allowed = append(allowed, fmt.Sprintf("%q", right))
			}
		}
		if missing == 0 {
			allowed = allowed[1:]
		}
		users = append(users, fmt.Sprintf("{user: without%d, password: x, permissions: {publish: [%s], subscribe: [\"_INBOX.>\"]}}", missing, strings.Join(allowed, ",")))
	}
	server := natstest.Config(t, fmt.Sprintf("listen: 127.0.0.1:-1\njetstream {store_dir: %q}\nauthorization {users: [%s]}", t.TempDir(), strings.Join(users, ",\n")))
	all := place{conn: server.Connect(t, natsconn.Login{Name: "all", Password: "x"})}
	made(t, all, s, "prod")
	before := contents(t, all, stream)

	cycle := func(c cache.Cache) error {
		streams, err := c.Look(t.Context())
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := c.Copy(t.Context(), &text, streams, time.Now(), quietly); err != nil {
			return err
		}
		streams = []cache.Stream{streams[1]}
		if err := c.Rehearse(t.Context(), streams); err != nil {
			return err
		}
		if _, err := c.Purge(t.Context(), streams); err != nil {
			return err
		}
		request(t, all.conn, "$JS.API.STREAM.DELETE."+stream, "")
		if _, err := restore(t.Context(), c, text.Bytes(), false); err != nil {
			saved := cache.Of(all.conn, "prod", "")
			if _, undone := restore(t.Context(), saved, text.Bytes(), false); undone != nil {
				t.Errorf("%v; what is left of it cannot be restored: %v", err, undone)
			}
			return err
		}
		return nil
	}
	for missing := -1; missing < len(needed); missing++ {
		c := cache.Of(server.Connect(t, natsconn.Login{Name: fmt.Sprintf("without%d", missing), Password: "x"}), "prod", "")
		err := cycle(c)
		switch {
		case missing < 0:
			if err != nil {
				t.Errorf("with all rights: %v", err)
			}
		case !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "forbids publishing to "+strings.TrimSuffix(strings.TrimSuffix(needed[missing], ">"), "KV_LATTICEDATA_prod")):
			t.Errorf("without %s: %v", needed[missing], err)
		}
		same(t, before, contents(t, all, stream))
	}
}

// TestHidden: a user who may look at one stream alone sees that one, and that the
// others are hidden.
func TestHidden(t *testing.T) {
	t.Parallel()
	server := natstest.Config(t, fmt.Sprintf(`listen: 127.0.0.1:-1
jetstream {store_dir: %q}
authorization {users: [{user: u, password: x, permissions: {publish: "$JS.API.STREAM.INFO.KV_LATTICEDATA_prod", subscribe: "_INBOX.>"}}]}`, t.TempDir()))
	streams, err := cache.Of(server.Connect(t, natsconn.Login{Name: "u", Password: "x"}), "prod", "").Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range streams {
		if (s.Hidden != nil) != (s.Stream != "KV_LATTICEDATA_prod") {
			t.Errorf("%s: %v", s.Stream, s.Hidden)
		}
	}
}

// TestNoStreams: that JetStream is off, or not there by that name, is said at once.
func TestNoStreams(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]cache.Cache{
		"there is no JetStream":                   cache.Of(natstest.Start(t).Connect(t, natsconn.Login{}), "prod", ""),
		"there is no JetStream in the domain hub": cache.Of(start(t).Connect(t, natsconn.Login{}), "prod", "hub"),
	} {
		begun := time.Now()
		if _, err := c.Look(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), says) || !strings.Contains(fault.HintOf(err), "--js-domain") {
			t.Errorf("%v, want %q", err, says)
		} else if time.Since(begun) > 10*time.Second {
			t.Errorf("that was said after %s", time.Since(begun))
		}
	}
}

// TestSealed: where one stream cannot be purged, none is.
func TestSealed(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	made(t, p, wasmbustest.Stores()[0], "prod")
	sealed := wasmbustest.Stores()[1]
	sealed.Config = strings.Replace(sealed.Config, `"deny_purge":false,"allow_rollup_hdrs":true`, `"deny_purge":true`, 1)
	made(t, p, sealed, "prod")
	c := cache.Of(p.conn, "prod", "")
	streams := full(t, c)
	if err := c.Rehearse(t.Context(), streams); !fault.Is(err, fault.Failed) || !strings.Contains(err.Error(), "purge") {
		t.Errorf("the rehearsal says %v", err)
	}
	if after, err := c.Purge(t.Context(), streams); err == nil || len(after) != 1 || !strings.Contains(err.Error(), "LATTICECACHE_prod purged, KV_LATTICEDATA_prod not") {
		t.Errorf("a purge without rehearsal says %v of %v", err, after)
	}
}

// TestWritten: what is written after the streams were looked at is not purged, and
// told; a copy that it happened to is none.
func TestWritten(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	made(t, p, wasmbustest.Stores()[1], "prod")
	c := cache.Of(p.conn, "prod", "")
	streams := full(t, c)
	late := wasmbustest.Entry{Subject: "$KV.LATTICEDATA_%s.CLAIMS_NEW", Data: "kept"}
	if err := late.Publish(p.conn.Conn, "$JS.API", "prod"); err != nil {
		t.Fatal(err)
	}
	if err := c.Copy(t.Context(), &bytes.Buffer{}, streams, time.Now(), quietly); !fault.Is(err, fault.Refused) {
		t.Errorf("the copy says %v", err)
	}
	if _, err := c.Purge(t.Context(), streams); err == nil || !strings.Contains(err.Error(), "holds 1 messages that came meanwhile") {
		t.Errorf("the purge says %v", err)
	}
	if left := contents(t, p, "KV_LATTICEDATA_prod"); len(left) != 1 || !strings.Contains(left[0], "CLAIMS_NEW") {
		t.Errorf("left are %s", left)
	}
}

// cutting is a connection that is cut when it has sent a text, once.
type cutting struct {
	net.Conn
	text  []byte
	armed *atomic.Bool
}

func (c *cutting) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err == nil && bytes.Contains(b, c.text) && c.armed.CompareAndSwap(true, false) {
		time.AfterFunc(20*time.Millisecond, func() { _ = c.Close() }) // the answer is under way or lost: both may be
	}
	return n, err
}

// TestCut: a connection that is lost when the purge, or a message to restore, has
// been sent does not leave in the dark whether it was done.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"STREAM.PURGE.KV_LATTICEDATA_prod", "$KV.LATTICEDATA_prod.LINKDEF_2A"} {
		server := start(t)
		p := place{conn: server.Connect(t, natsconn.Login{})}
		made(t, p, wasmbustest.Stores()[1], "prod")
		before := contents(t, p, "KV_LATTICEDATA_prod")

		var armed atomic.Bool
		options := server.Options(natsconn.Login{})
		options.Reconnect = true
		dial := options.Dial
		options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			return &cutting{conn, []byte(text), &armed}, err
		}
		conn, err := natsconn.Connect(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Close)
		c := cache.Of(conn, "prod", "")
		saved := copied(t, c)
		armed.Store(strings.HasPrefix(text, "STREAM"))
		if _, err := c.Purge(t.Context(), full(t, c)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if len(contents(t, p, "KV_LATTICEDATA_prod")) > 0 {
			t.Fatal("it is not purged")
		}
		armed.Store(strings.HasPrefix(text, "$KV"))
		if _, err := restore(t.Context(), c, saved, false); err != nil { // it was not stored, or that could not be seen
			t.Logf("%s: %v", text, err)
			if left := contents(t, p, "KV_LATTICEDATA_prod"); len(left) > 0 {
				t.Errorf("what was restored before it failed is still there: %s", left)
			}
			restored(t, c, saved)
		}
		same(t, before, contents(t, p, "KV_LATTICEDATA_prod"))
		if armed.Load() {
			t.Error("the connection was not cut")
		}
	}
}

// TestRestoreRefuses: nothing is put into a stream that holds something unless that
// is asked for, nor from another lattice's copy.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	made(t, p, wasmbustest.Stores()[4], "prod")
	c := cache.Of(p.conn, "prod", "")
	saved := copied(t, c)
	if _, err := restore(t.Context(), c, saved, false); !fault.Is(err, fault.Refused) || !strings.Contains(fault.HintOf(err), "--add") {
		t.Errorf("into what is there: %v", err)
	}
	before := contents(t, p, "OBJ_prod")
	if _, err := restore(t.Context(), c, saved, true); err != nil {
		t.Errorf("added: %v", err)
	}
	if after := contents(t, p, "OBJ_prod"); len(after) != 2*len(before)-1 { // the one with a rollup replaces itself
		t.Errorf("%d messages were %d", len(after), len(before))
	}
	if _, err := restore(t.Context(), cache.Of(p.conn, "stage", ""), saved, false); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "the copy is of the lattice prod") {
		t.Errorf("into another lattice: %v", err)
	}
}

// TestConditions: headers that a server would obey anew do not keep a message from
// being restored.
func TestConditions(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	s := wasmbustest.Stores()[1]
	s.Entries = []wasmbustest.Entry{
		{Subject: "$KV.LATTICEDATA_%s.CLAIMS_A", Data: "a", Header: nats.Header{"Nats-Msg-Id": {"1"}, "Other": {"kept"}}},
		{Subject: "$KV.LATTICEDATA_%s.CLAIMS_B", Data: "b", Header: nats.Header{"Nats-Expected-Last-Subject-Sequence": {"0"}, "Nats-Expected-Last-Sequence": {"1"}}},
	}
	made(t, p, s, "prod")
	c := cache.Of(p.conn, "prod", "")
	saved := copied(t, c)
	purged(t, c)
	all := restored(t, c, saved)
	if len(all) != 1 || all[0].Restored != 2 || all[0].Conditions != 3 {
		t.Errorf("restored: %+v", all)
	}
	if now := contents(t, p, "KV_LATTICEDATA_prod"); len(now) != 2 || !strings.Contains(now[0], "kept") {
		t.Errorf("now: %s", now)
	}
}

// TestSparse: a stream with many gaps is read whole and in order.
func TestSparse(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	s := wasmbustest.Stores()[0]
	made(t, p, s, "prod")
	for i := range 3000 { // rewrites, each of which leaves a gap
		subject := "lc.prod.claims.M0"
		if i%700 == 0 {
			subject = fmt.Sprintf("lc.prod.claims.M%d", i+1)
		}
		if err := p.conn.Publish(subject, fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all is stored", func() bool { return strings.Contains(fmt.Sprint(contentsLast(t, p)), `"2999"`) })
	before := contents(t, p, "LATTICECACHE_prod")
	if len(before) != len(s.Entries)+5+1 {
		t.Fatalf("%d messages", len(before))
	}
	c := cache.Of(p.conn, "prod", "")
	saved := copied(t, c)
	purged(t, c)
	restored(t, c, saved)
	same(t, before, contents(t, p, "LATTICECACHE_prod"))
}

func contentsLast(t *testing.T, p place) string {
	t.Helper()
	answer, err := p.conn.Request("$JS.API.STREAM.MSG.GET.LATTICECACHE_prod", []byte(`{"last_by_subj":"lc.prod.claims.M0"}`), 10*time.Second)
	if err != nil || !bytes.Contains(answer.Data, []byte(`"data":"Mjk5OQ=="`)) { // 2999
		return ""
	}
	return `"2999"`
}

// TestDamage: a copy with any byte changed, or cut anywhere, is not restored.
func TestDamage(t *testing.T) {
	t.Parallel()
	p := place{conn: start(t).Connect(t, natsconn.Login{})}
	made(t, p, wasmbustest.Stores()[1], "prod")
	made(t, p, wasmbustest.Stores()[3], "prod")
	text := copied(t, cache.Of(p.conn, "prod", ""))
	tried := 0
	for i := 0; i < len(text); i += 7 {
		damaged := bytes.Clone(text)
		damaged[i] ^= 1
		for what, bad := range map[string][]byte{"changed": damaged, "cut": text[:i], "longer": append(bytes.Clone(text), text[i:]...)} {
			tried++
			if _, err := cache.ReadCopy(bytes.NewReader(bad), ignored); err == nil {
				t.Fatalf("%s at %d it is taken", what, i)
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d were tried", tried)
	}
	broken := errors.New("broken")
	if _, err := cache.ReadCopy(bytes.NewReader(text), func(cache.CopiedStream, cache.Message) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("an error of who takes it: %v", err)
	}
}

// TestTwoDomains: where a stream of another domain takes the same subjects, as those
// of OTP hosts before 0.60 do, what is restored is what was there.
func TestTwoDomains(t *testing.T) {
	t.Parallel()
	hub, edge := domains(t)
	s := wasmbustest.Stores()[0]
	made(t, hub, s, "prod")
	c := cache.Of(hub.conn, "prod", hub.domain)
	saved, before := copied(t, c), contents(t, hub, "LATTICECACHE_prod")
	made(t, edge, s, "prod")
	// Each of the two takes what is published, in its own time.
	until(t, "all has come to both", func() bool {
		return sequences(t, hub, "LATTICECACHE_prod").Last == 2*uint64(len(before)) && sequences(t, edge, "LATTICECACHE_prod").Last == uint64(len(before))
	})
	purged(t, c)
	if left := contents(t, edge, "LATTICECACHE_prod"); len(left) != len(before) {
		t.Errorf("of the other domain are left %s", left)
	}
	restored(t, c, saved)
	same(t, before, contents(t, hub, "LATTICECACHE_prod"))
}
