package permissions

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// drawnRights are any, of few tokens so that they meet what is tried.
func drawnRights() *rapid.Generator[Rights] {
	return rapid.Custom(func(t *rapid.T) Rights {
		rule := func(name string) Rule {
			return Rule{
				Allow: rapid.SliceOfN(patterns(3), 0, 3).Draw(t, name+" allowed"),
				Deny:  rapid.SliceOfN(patterns(3), 0, 2).Draw(t, name+" denied"),
			}
		}
		return Rights{rule("publish"), rule("subscribe"), rapid.IntRange(-1, 1).Draw(t, "responses")}
	})
}

// config is the block of a server's configuration that gives a user the rights.
func (r Rights) config() string {
	var block strings.Builder
	rule := func(name string, rule Rule) {
		var parts []string
		for key, list := range map[string][]string{"allow": rule.Allow, "deny": rule.Deny} {
			if len(list) > 0 {
				parts = append(parts, fmt.Sprintf("%s: [\"%s\"]", key, strings.Join(list, `","`)))
			}
		}
		if len(parts) > 0 {
			fmt.Fprintf(&block, "%s { %s }\n", name, strings.Join(parts, ", "))
		}
	}
	rule("publish", r.Publish)
	rule("subscribe", r.Subscribe)
	if r.Responses != 0 {
		fmt.Fprintf(&block, "allow_responses { max: %d }\n", r.Responses)
	}
	return block.String()
}

// TestRightsAsServers: what is said to be allowed is what a real server allows,
// by connections whose users have any rights at all.
func TestRightsAsServers(t *testing.T) {
	t.Parallel()
	const users, tries = 50, 12
	var conf strings.Builder
	conf.WriteString("accounts { A { users: [\n")
	rights := make([]Rights, users)
	for i := range rights {
		rights[i] = drawnRights().Example(i)
		fmt.Fprintf(&conf, "{ user: u%d, password: p, permissions {\n%s} }\n", i, rights[i].config())
	}
	conf.WriteString("] } }\n")
	s := stage{server: natstest.Config(t, conf.String())}
	refused := 0
	for i, r := range rights {
		for try := range tries {
			seed := i*tries + try
			subject := strings.NewReplacer("*", "z", ">", "z").Replace(patterns(4).Example(seed))
			said := s.tries(t, i, func(c *nats.Conn) error { return c.Publish(subject, nil) })
			if (said == nil) != r.mayPublish(subject) {
				t.Errorf("%+v: may publish to %s: %v, the server says: %v", r, subject, r.mayPublish(subject), said)
			}
			pattern := patterns(4).Example(seed)
			heard := s.tries(t, i, func(c *nats.Conn) error { _, err := c.SubscribeSync(pattern); return err })
			if may := r.maySubscribe(pattern); may && heard != nil || !may && heard == nil && len(r.Subscribe.Deny) == 0 {
				t.Errorf("%+v: may subscribe to %s: %v, the server says: %v", r, pattern, may, heard)
			}
			if heard != nil || said != nil {
				refused++
			}
		}
	}
	if refused < users || refused > users*tries*9/10 {
		t.Errorf("%d of %d tries were refused: too few or too many to tell", refused, users*tries)
	}
}

// tries does one thing as the user of that number.
func (s stage) tries(t *testing.T, user int, do func(*nats.Conn) error) error {
	t.Helper()
	conn := s.connect(t, fmt.Sprintf("u%d", user))
	defer conn.Close()
	if err := do(conn); err != nil {
		t.Fatal(err)
	}
	return violation(t, conn)
}

// TestHeardBy: with the right to x.* a client hears what is deeper, on a real
// server, so that it counts as a right to x.>.
func TestHeardBy(t *testing.T) {
	t.Parallel()
	s := stage{server: natstest.Config(t, `accounts { A { users: [
		{ user: asker, password: p }
		{ user: u0, password: p, permissions { subscribe: ["x.*"] } } ] } }`)}
	conn, asker := s.connect(t, "u0"), s.connect(t, "asker")
	sub, err := conn.SubscribeSync(heardBy("x.*"))
	if err != nil || violation(t, conn) != nil {
		t.Fatalf("refused: %v, %v", err, conn.LastError())
	}
	if err := asker.Publish("x.y.z", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := sub.NextMsg(patience); err != nil {
		t.Error(err)
	}
	for pattern, want := range map[string]string{"*": ">", "a": "a", "a.b.*": "a.b.>", "a.>": "a.>", "*.a": "*.a"} {
		if got := heardBy(pattern); got != want {
			t.Errorf("%s is heard by %s, want %s", got, pattern, want)
		}
	}
}
