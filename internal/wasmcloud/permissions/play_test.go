package permissions

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// stage is a server whose users have sets as their permissions, by its own
// configuration, and one more who may do anything.
type stage struct {
	server *natstest.Server
	asker  *nats.Conn
}

const patience = 20 * time.Second

func newStage(t *testing.T, sets []Set) stage {
	t.Helper()
	return newStageIn(t, "", "", sets)
}

// newStageInDomain is one whose server is of a JetStream domain.
func newStageInDomain(t *testing.T, sets []Set) stage {
	t.Helper()
	server := fmt.Sprintf("server_name: n1\njetstream { store_dir: %q, domain: %s }\n", t.TempDir(), domain)
	return newStageIn(t, server, "jetstream: enabled, ", sets)
}

// newStageIn is one with more to say of its server and its account.
func newStageIn(t *testing.T, server, account string, sets []Set) stage {
	t.Helper()
	var conf strings.Builder
	conf.WriteString(server + "accounts { A { " + account + "users: [\n  { user: asker, password: p }\n")
	for i, set := range sets {
		fmt.Fprintf(&conf, "  { user: u%d, password: p\n", i)
		set.WriteConfig(&conf, 2)
		conf.WriteString("  }\n")
	}
	conf.WriteString("] } }\n")
	s := stage{server: natstest.Config(t, conf.String())}
	s.asker = s.connect(t, "asker")
	return s
}

func (s stage) connect(t *testing.T, user string) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect("", nats.InProcessServer(s.server), nats.UserInfo(user, "p"), nats.NoReconnect(), nats.Timeout(patience),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// play does what was recorded as the user of that number, and gives the last
// violation that the server found, if any.
func (s stage) play(t *testing.T, user int, all []recorded) error {
	t.Helper()
	conn := s.connect(t, fmt.Sprintf("u%d", user))
	defer conn.Close()
	subscriptions := map[string]*nats.Subscription{}
	for _, r := range all {
		var err error
		switch {
		case r.action == "publish":
			err = conn.Publish(r.subject, nil)
		case r.action == "subscribe" && r.queue != "":
			subscriptions[r.subject], err = conn.QueueSubscribeSync(r.subject, r.queue)
		case r.action == "subscribe":
			subscriptions[r.subject], err = conn.SubscribeSync(r.subject)
		case r.action == "respond":
			s.ask(t, conn, subscriptions[r.subject])
		default:
			t.Fatalf("what is it to %s?", r.action)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return violation(t, conn)
}

// violation is the last one that the server found.
func violation(t *testing.T, conn *nats.Conn) error {
	t.Helper()
	if err := conn.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	if err := conn.LastError(); err != nil && !errors.Is(err, nats.ErrPermissionViolation) {
		t.Fatal(err)
	}
	return conn.LastError()
}

// ask sends a question to a subscription, and has it answered. It is the one
// subscription that hears it: to a server each further copy of a question that a
// client is given counts as an answer.
func (s stage) ask(t *testing.T, conn *nats.Conn, sub *nats.Subscription) {
	t.Helper()
	if sub == nil {
		t.Fatal("it answers what it does not hear")
	}
	if violation(t, conn) != nil {
		return // perhaps it hears nothing, and it is noted
	}
	if err := s.asker.PublishRequest(sub.Subject, "_INBOX.asker.1", nil); err != nil {
		t.Fatal(err)
	}
	question, err := sub.NextMsg(patience)
	if err != nil {
		t.Fatal(err)
	}
	if err := question.Respond(nil); err != nil {
		t.Fatal(err)
	}
}

// TestRecordedHostsMeetNoViolation: with exactly what latch says, on a real
// server, programs of every era do all that they were seen to do.
func TestRecordedHostsMeetNoViolation(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	type scene struct {
		name    string
		actions []recorded
	}
	var sets []Set
	var scenes []scene
	for _, target := range wasmcloud.AllTargets() {
		for _, role := range wasmcloud.Roles() {
			done := of(all, target, role)
			if len(done) == 0 {
				if _, err := bare(target).Needs(role); err == nil {
					t.Errorf("%s %s has needs, but nothing was recorded", target, role)
				}
				continue
			}
			known := full(target)
			known.HostKey = "NCO6PMC4OSGVA26C7I53PDVOPCQYUCAMSWL5W4DR7JZU4KWU5UEMAJYW"
			hub, moved := full(target), full(target)
			hub.JetStreamDomain, moved.TopicPrefix = domain, prefix
			for name, c := range map[string]struct {
				setup   Setup
				actions []recorded
			}{
				"bare": {bare(target), always(done)}, "full": {full(target), done}, "host known": {known, done}, "domain": {hub, inDomainOf(role, done)},
				"topic prefix": {moved, underPrefix(done)},
			} {
				set, err := c.setup.Needs(role)
				if err != nil {
					t.Fatal(err)
				}
				sets, scenes = append(sets, set), append(scenes, scene{fmt.Sprintf("%s %s, %s", target, role, name), c.actions})
			}
		}
	}
	s := newStage(t, sets)
	for i, scene := range scenes {
		if err := s.play(t, i, scene.actions); err != nil {
			t.Errorf("%s: %v", scene.name, err)
		}
	}
	t.Logf("%d users", len(scenes))
}

// inDomainOf are a role's recordings where hosts were told a domain: their own
// move, those of the providers they start do not.
func inDomainOf(role wasmcloud.Role, all []recorded) []recorded {
	if role == wasmcloud.ProviderUser || role == wasmcloud.ProviderRPCUser {
		return all
	}
	return inDomain(all)
}

// mutant is a user who lacks one permission, and what it does.
type mutant struct {
	missing Grant
	name    string
	actions []recorded
}

// mutants are the users of every role and target, less each permission that picks
// chooses. Where two targets are alike the first stands for both.
func mutants(all []recorded, setup func(wasmcloud.Target) Setup, picks func(wasmcloud.Role, Grant) bool) (users []mutant, sets []Set) {
	seen := map[string]bool{}
	for _, target := range wasmcloud.AllTargets() {
		for _, role := range wasmcloud.Roles() {
			set, err := setup(target).Needs(role)
			if err != nil {
				continue // its hosts make no such connection
			}
			actions := of(all, target, role)
			key := fmt.Sprint(role, set, actions)
			for i := range actions {
				key = strings.ReplaceAll(key, fmt.Sprint(actions[i].targets), "")
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			for i, missing := range set {
				if picks(role, missing) {
					sets = append(sets, slices.Delete(slices.Clone(set), i, i+1))
					users = append(users, mutant{missing, fmt.Sprintf("%s %s without %s %s", target, role, missing.Action, missing.Subject), actions})
				}
			}
		}
	}
	return users, sets
}

// TestEveryPermissionIsNeeded: take any one away, and the server finds a
// violation; one that an option needs is missed with that option alone.
func TestEveryPermissionIsNeeded(t *testing.T) {
	t.Parallel()
	users, sets := mutants(recordings(t), full, func(wasmcloud.Role, Grant) bool { return true })
	s := newStage(t, sets)
	for i, m := range users {
		if s.play(t, i, m.actions) == nil {
			t.Errorf("%s: nothing fails", m.name)
		}
		if m.missing.Option == "" {
			continue
		}
		if err := s.play(t, i, without(m.actions, m.missing.Option)); err != nil {
			t.Errorf("%s: it is said to be for %s alone, but %v", m.name, m.missing.Option, err)
		}
	}
	if len(users) < 200 {
		t.Errorf("only %d permissions were taken away", len(users))
	}
	t.Logf("%d permissions taken away", len(users))
}

// TestEveryPermissionOfADomainIsNeeded: take any one away, and the server finds a
// violation, the one in the domain or the one that leads there.
func TestEveryPermissionOfADomainIsNeeded(t *testing.T) {
	t.Parallel()
	inHub := func(target wasmcloud.Target) Setup {
		setup := full(target)
		setup.JetStreamDomain = domain
		return setup
	}
	users, sets := mutants(recordings(t), inHub, func(role wasmcloud.Role, g Grant) bool {
		return (role == wasmcloud.ControlUser || role == wasmcloud.RPCUser) && strings.Contains(g.Subject, "$")
	})
	there, elsewhere := newStageInDomain(t, sets), newStage(t, sets)
	for i, m := range users {
		actions := inDomain(m.actions)
		inside, outside := there.play(t, i, actions), elsewhere.play(t, i, actions)
		if inside == nil && outside == nil {
			t.Errorf("%s: nothing fails", m.name)
		}
		if m.missing.Option == wasmcloud.Domain && inside != nil {
			t.Errorf("%s: a server of the domain asks for it: %v", m.name, inside)
		}
	}
	if len(users) < 50 {
		t.Errorf("only %d permissions were taken away", len(users))
	}
	t.Logf("%d permissions taken away", len(users))
}

// TestLacksNameWhatIsMissing: of a user who lacks one permission that one is said
// to be missing and no other, and nothing to be too much; with one more, that one.
func TestLacksNameWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, target := range wasmcloud.AllTargets() {
		for _, role := range wasmcloud.Roles() {
			setup := full(target)
			needs, err := setup.Needs(role)
			if err != nil {
				continue
			}
			rights := needs.Rights()
			if lacks, exceeds := rights.Lacks(needs), rights.Exceeds(needs, setup); len(lacks)+len(exceeds) > 0 {
				t.Errorf("%s %s: lacks %v, exceeds %v", target, role, lacks, exceeds)
			}
			for i, missing := range needs {
				rights := slices.Delete(slices.Clone(needs), i, i+1).Rights()
				lacks := rights.Lacks(needs)
				if len(lacks) != 1 || lacks[0].Action != missing.Action || lacks[0].Subject != missing.Subject || len(lacks[0].Fails) == 0 {
					t.Errorf("%s %s without %s %s: lacks %v", target, role, missing.Action, missing.Subject, lacks)
				}
			}
			rights.Publish.Allow = append(rights.Publish.Allow, "somewhere.else")
			if exceeds := rights.Exceeds(needs, setup); len(exceeds) != 1 || exceeds[0].Subject != "somewhere.else" {
				t.Errorf("%s %s: exceeds %v", target, role, exceeds)
			}
		}
	}
}

// TestAnotherLatticeIsRefused: nothing that names a lattice is allowed by what the
// same user of another one needs.
func TestAnotherLatticeIsRefused(t *testing.T) {
	t.Parallel()
	all, tried := recordings(t), 0
	for _, target := range wasmcloud.AllTargets() {
		for _, role := range wasmcloud.Roles() {
			set, err := full(target).Needs(role)
			if err != nil {
				continue
			}
			rights := set.Rights()
			for _, r := range of(all, target, role) {
				foreign := strings.ReplaceAll(r.subject, "prod", "dev")
				if foreign == r.subject || r.action == "respond" {
					continue
				}
				tried++
				if may := map[string]func(string) bool{"publish": rights.mayPublish, "subscribe": rights.maySubscribe}[r.action]; may(foreign) {
					t.Errorf("%s %s of prod may %s to %s", target, role, r.action, foreign)
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d tries", tried)
	}
}
