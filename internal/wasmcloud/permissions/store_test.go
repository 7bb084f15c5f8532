package permissions

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// keeping is how hosts of a target keep their lattice's data.
type keeping struct{ target, stream, captures, deliver, put string }

// TestHostsKeepTheirData: with the rights of ctl and nothing else, hosts make
// their stores on a real JetStream, watch them, write to them and see what they
// wrote, with a domain and without.
func TestHostsKeepTheirData(t *testing.T) {
	t.Parallel()
	const data = "$KV.LATTICEDATA_prod."
	for _, k := range []keeping{
		{"otp-0.51", "LATTICECACHE_prod", "lc.prod.>", "_INBOX.NHOST", "lc.prod.claims.MACTOR"},
		{"otp", "KV_LATTICEDATA_prod", data + ">", "INBOX.9ysrYrCYbaCA", data + "CLAIMS_MACTOR"},
		{"rust-0.78", "KV_LATTICEDATA_prod", data + ">", nats.NewInbox(), data + "CLAIMS_MACTOR"},
		{"rust-0.82", "KV_CONFIGDATA_prod", "$KV.CONFIGDATA_prod.>", nats.NewInbox(), "$KV.CONFIGDATA_prod.MACTOR_greeting"},
		{"rust-1.3", "KV_LATTICEDATA_prod", data + ">", nats.NewInbox(), data + "COMPONENT_greeter"},
	} {
		for _, domain := range []string{"", "hub"} {
			t.Run(k.target+" "+domain, func(t *testing.T) {
				t.Parallel()
				k.play(t, domain)
			})
		}
	}
}

func (k keeping) play(t *testing.T, domain string) {
	t.Helper()
	target, err := wasmcloud.ParseTarget(k.target)
	if err != nil {
		t.Fatal(err)
	}
	set, err := Setup{Target: target, Lattice: "prod", JetStreamDomain: domain}.Needs(wasmcloud.ControlUser)
	if err != nil {
		t.Fatal(err)
	}
	api, prefix, named := "$JS.API.", "", ""
	if domain != "" {
		api, named = fmt.Sprintf("$JS.%s.API.", domain), "domain: "+domain
		if strings.HasPrefix(k.put, "$KV.") {
			prefix = api
		}
	}
	var conf strings.Builder
	fmt.Fprintf(&conf, "server_name: n1\njetstream { store_dir: %q\n %s }\naccounts { A { jetstream: enabled, users: [\n{ user: u0, password: p\n", t.TempDir(), named)
	set.WriteConfig(&conf, 1)
	conf.WriteString("} ] } }\n")
	s := stage{server: natstest.Config(t, conf.String())}
	conn := s.connect(t, "u0")

	watched, err := conn.SubscribeSync(k.deliver)
	if err != nil {
		t.Fatal(err)
	}
	request(t, conn, api+"STREAM.CREATE."+k.stream, map[string]any{
		"name": k.stream, "subjects": []string{k.captures}, "retention": "limits", "storage": "memory", "num_replicas": 1,
		"max_msgs_per_subject": 1, "allow_direct": true, "discard": "old",
	})
	request(t, conn, api+"CONSUMER.CREATE."+k.stream, map[string]any{
		"stream_name": k.stream,
		"config": map[string]any{
			"ack_policy": "none", "deliver_policy": "last_per_subject", "filter_subject": k.captures, "deliver_subject": k.deliver, "replay_policy": "instant",
		},
	})
	request(t, conn, prefix+k.put, "written")
	got, err := watched.NextMsg(patience)
	if err != nil || got.Subject != k.put || string(got.Data) != `"written"` {
		t.Fatalf("watched %v: %v", got, err)
	}
	if !target.IsOTP() {
		request(t, conn, api+"STREAM.INFO."+k.stream, nil)
		read, err := conn.Request(api+"DIRECT.GET."+k.stream+"."+k.put, nil, patience)
		if err != nil || string(read.Data) != `"written"` {
			t.Errorf("read %v: %v", read, err)
		}
	}
	if err := violation(t, conn); err != nil {
		t.Error(err)
	}
}

// request asks JetStream, which must not answer with an error.
func request(t *testing.T, conn *nats.Conn, subject string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := conn.Request(subject, text, patience)
	if err != nil {
		t.Fatalf("%s: %v, %v", subject, err, conn.LastError())
	}
	if strings.Contains(string(reply.Data), `"error"`) {
		t.Fatalf("%s: %s", subject, reply.Data)
	}
}
