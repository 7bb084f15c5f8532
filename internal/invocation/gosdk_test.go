package invocation_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/oracle"
)

// sdkEntity, sdkInvocation, sdkQuestion and sdkAnswer are what testdata/gosdk
// speaks: the SDK's own names.
type sdkEntity struct{ PublicKey, LinkName, ContractId string }

type sdkInvocation struct {
	Origin, Target                       sdkEntity
	Operation, Id, EncodedClaims, HostId string
	Msg                                  []byte
	ContentLength                        uint64
	TraceContext                         map[string]string
}

type sdkQuestion struct {
	Sign *sdkInvocation `json:"sign,omitempty"`
	Seed string         `json:"seed,omitempty"`
	Link string         `json:"link,omitempty"`
	Read string         `json:"read,omitempty"`
}

type sdkAnswer struct {
	Message    string         `json:"message"`
	Invocation *sdkInvocation `json:"invocation"`
	Error      string         `json:"error"`
}

func askGoSDK(t *testing.T, questions []sdkQuestion) []sdkAnswer {
	t.Helper()
	program, err := filepath.Abs("../../.tools/gosdk")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		oracle.Missing(t, "gosdk")
	}
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, q := range questions {
		if err := encoder.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(program)
	command.Stdin = &in
	out, err := command.Output()
	if err != nil {
		t.Fatalf("gosdk: %v", err)
	}
	var answers []sdkAnswer
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var a sdkAnswer
		if err := decoder.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}

// sdkCalls are calls of the published provider to the published actor, as the
// SDK sends them.
func sdkCalls(count int) []sdkInvocation {
	random := rand.New(rand.NewPCG(9, 10))
	all := make([]sdkInvocation, count)
	for i := range all {
		payload := make([]byte, random.IntN(2000))
		for j := range payload {
			payload[j] = byte(random.Uint32())
		}
		all[i] = sdkInvocation{
			Origin:    sdkEntity{publishedProvider, "default", "wasmcloud:tester"},
			Target:    sdkEntity{publishedActor, "default", "wasmcloud:tester"},
			Operation: fmt.Sprintf("Tester.Call%d", i), Id: fmt.Sprintf("018bcfe5-6800-7000-8000-%012d", i),
			HostId: publishedHost, Msg: payload, ContentLength: uint64(len(payload)),
		}
	}
	return all
}

// What the Go provider SDK signs, every verifier accepts; where it sends no trace
// context, though, it writes nil, and Rust hosts cannot read the message.
func TestGoSDKSigns(t *testing.T) {
	t.Parallel()
	calls := sdkCalls(200)
	var questions []sdkQuestion
	for i := range calls {
		if i%2 == 0 {
			calls[i].TraceContext = map[string]string{"traceparent": "00-1"}
		}
		questions = append(questions, sdkQuestion{Sign: &calls[i], Seed: publishedSeed, Link: "default"})
	}
	issuers := []string{clusterSeed(t).PublicKey().String()}
	want := [2]map[invocation.Target]invocation.Verdict{
		{invocation.OTP: invocation.Accepted, invocation.Rust: invocation.Accepted, invocation.SDK: invocation.Accepted, invocation.Strict: invocation.Accepted},
		{invocation.OTP: invocation.Accepted, invocation.Rust: invocation.Undecodable, invocation.SDK: invocation.Undecodable, invocation.Strict: invocation.Undecodable},
	}
	for i, a := range askGoSDK(t, questions) {
		data, err := hex.DecodeString(a.Message)
		if err != nil || a.Error != "" {
			t.Fatalf("%v %s", err, a.Error)
		}
		for target, verdict := range want[i%2] {
			if report := invocation.NewVerifier(target, issuers, nil).Verify(data, time.Now()); report.Verdict != verdict {
				t.Errorf("call %d: %s: %s by %+v, want %s", i, target, report.Verdict, report.First, verdict)
			}
		}
	}
	oracle.Figure(t, "%d messages of the Go provider SDK verified", len(calls))
}

// What latch writes, the SDK reads, field for field.
func TestGoSDKReads(t *testing.T) {
	t.Parallel()
	var questions []sdkQuestion
	calls := sdkCalls(200)
	for i := range calls {
		calls[i].TraceContext = map[string]string{"traceparent": "00-1", "x": fmt.Sprint(i)}
		calls[i].EncodedClaims = sample(t).Claims
		data, err := invocation.Encode(fromSDK(calls[i]))
		if err != nil {
			t.Fatal(err)
		}
		questions = append(questions, sdkQuestion{Read: hex.EncodeToString(data)})
	}
	for i, a := range askGoSDK(t, questions) {
		got, _ := json.Marshal(a.Invocation)
		want, _ := json.Marshal(calls[i])
		if a.Error != "" || !bytes.Equal(got, want) {
			t.Errorf("call %d: %s\nread %s\nwant %s", i, a.Error, got, want)
		}
	}
}

func fromSDK(i sdkInvocation) invocation.Message {
	entity := func(e sdkEntity) invocation.Entity {
		return invocation.Entity{PublicKey: e.PublicKey, LinkName: e.LinkName, ContractID: e.ContractId}
	}
	return invocation.Message{
		Origin: entity(i.Origin), Target: entity(i.Target), Operation: i.Operation, Msg: i.Msg, ID: i.Id,
		Claims: i.EncodedClaims, HostID: i.HostId, ContentLength: &i.ContentLength, Trace: i.TraceContext,
	}
}
