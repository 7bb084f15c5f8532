package probe_test

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/probe"
	"github.com/latch-keys/latch/internal/keys"
)

const (
	actor    = "MDNX3CB6VBXG55GOJ6UYON7AMK6SLYPB6GLPRZGTEE6625EFLJDQKWWR"
	provider = "VC3IJSRK3KIJUD5PQIEU2UNWT4PQCRYTAXFC4PDLTCMDX7L77YRUGCXW"
)

func generate(t *testing.T, kind keys.Kind) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// call is a probe of the callee.
func call(t *testing.T, to probe.Callee) (invocation.Message, string) {
	t.Helper()
	signer := generate(t, keys.Cluster)
	from := probe.Sender{HostID: generate(t, keys.Server).PublicKey().String(), Signer: signer, Issuer: signer.PublicKey().String()}
	m, err := probe.Call(to, from, uint64(time.Now().Unix()), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return m, from.Issuer
}

// A probe passes every check of every verifier, is from nobody whom the lattice
// knows, and carries nothing.
func TestProbePassesEveryCheck(t *testing.T) {
	t.Parallel()
	for _, to := range []probe.Callee{{Key: actor}, {Key: provider, Link: "default", Contract: "wasmcloud:httpserver"}} {
		m, issuer := call(t, to)
		data, err := invocation.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, as := range invocation.Targets() {
			if r := invocation.NewVerifier(as, []string{issuer}, nil).Verify(data, time.Now()); r.Verdict != invocation.Accepted {
				t.Errorf("%s: %s by %+v", as, r.Verdict, r.First)
			}
		}
		other, _ := call(t, to)
		if m.Origin.PublicKey == other.Origin.PublicKey || m.ID == other.ID || len(m.Msg) > 0 || m.Operation != probe.Operation {
			t.Errorf("two probes of %s are alike, or do something: %+v", to.Key, m)
		}
		if fromProvider := strings.HasPrefix(m.Origin.PublicKey, "V"); fromProvider != to.IsActor() {
			t.Errorf("%s is called by %s", to.Key, m.Origin.PublicKey)
		}
	}
	if got := (probe.Callee{Key: actor}).Subject("prod"); got != "wasmbus.rpc.prod."+actor {
		t.Errorf("an actor is called on %s", got)
	}
	if got := (probe.Callee{Key: provider, Link: "a"}).Subject("prod"); got != "wasmbus.rpc.prod."+provider+".a" {
		t.Errorf("a provider is called on %s", got)
	}
}

// Whatever a real verifier said when it refused is read as a refusal.
func TestRefusalsAreRead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Rust      string `json:"verdict"`
		RustError string `json:"error"`
		OTP       string `json:"otp_verdict"`
		OTPError  string `json:"otp_error"`
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	m, read := invocation.Message{ID: "x"}, 0
	for _, v := range vectors {
		if v.Rust == "refused" {
			read++
			if got := probe.Read(m, invocation.Response{ID: "x", Error: v.RustError}); got.Outcome != probe.Refused {
				t.Errorf("%q: %s", v.RustError, got.Outcome)
			}
		}
		if v.OTP == "refused" {
			read++
			if got := probe.Read(m, invocation.Response{ID: "x", Error: "Anti-forgery check failed: " + v.OTPError}); got.Outcome != probe.Refused {
				t.Errorf("%q: %s", v.OTPError, got.Outcome)
			}
		}
	}
	if read < 40 {
		t.Errorf("only %d refusals were read", read)
	}
}

// What is said behind the check is an acceptance, and what is not known is neither.
func TestOtherAnswers(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]probe.Outcome{
		"failed to look up claims for origin":                                                         probe.Accepted,
		"Invocation source does not have the required capability claim latch:probe":                   probe.Accepted,
		"Policy evaluation rejected invocation attempt":                                               probe.Accepted,
		"Error when handling invocation: Actor MABC is not linked to this provider":                   probe.Accepted,
		"Error when handling invocation: Issuer of this invocation is not in list of cluster issuers": probe.Refused,
		"":                    probe.Accepted,
		"wasm trap: whatever": probe.Unclear,
	} {
		if got := probe.Read(invocation.Message{ID: "x"}, invocation.Response{ID: "x", Error: said}); got.Outcome != want {
			t.Errorf("%q: %s, want %s", said, got.Outcome, want)
		}
	}
	if got := probe.Read(invocation.Message{ID: "x"}, invocation.Response{ID: "y"}); got.Outcome != probe.Unclear {
		t.Errorf("an answer to another call: %s", got.Outcome)
	}
}

// A response reads back as it was written, that of an OTP host with it, and garbage
// is an error.
func TestResponses(t *testing.T) {
	t.Parallel()
	for _, want := range []invocation.Response{{ID: "x", Error: "no"}, {ID: "y", Bytes: 3}} {
		data, err := invocation.EncodeResponse(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := invocation.DecodeResponse(data); err != nil || got != want {
			t.Errorf("read %+v, %v, want %+v", got, err, want)
		}
		for cut := range data {
			if _, err := invocation.DecodeResponse(data[:cut]); err == nil {
				t.Errorf("the first %d of %d bytes read", cut, len(data))
			}
		}
	}
	// {msg: "", invocation_id: "x", error: "e", instance_id: "i"} as Msgpax packs it: text.
	otp := "\x84\xa3msg\xa0\xadinvocation_id\xa1x\xa5error\xa1e\xabinstance_id\xa1i"
	if got, err := invocation.DecodeResponse([]byte(otp)); err != nil || got != (invocation.Response{ID: "x", Error: "e"}) {
		t.Errorf("read %+v, %v", got, err)
	}
}
