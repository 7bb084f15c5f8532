package invocation_test

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/invocation"
)

// Each field is changed alone: the check that guards it refuses, and hosts leave
// open only what their own rules leave open.
func TestEveryFieldIsGuarded(t *testing.T) {
	t.Parallel()
	more := uint64(9)
	for name, c := range map[string]struct {
		change       func(*invocation.Message)
		strict, rust string // the first check that fails; "" for none
	}{
		"origin key":      {func(m *invocation.Message) { m.Origin.PublicKey = strings.ToLower(m.Origin.PublicKey) }, "origin_url", "origin_url"},
		"target key":      {func(m *invocation.Message) { m.Target.PublicKey = publishedActor }, "target_url", "target_url"},
		"target link":     {func(m *invocation.Message) { m.Target.LinkName = "other" }, "target_url", "target_url"},
		"target contract": {func(m *invocation.Message) { m.Target.ContractID = "wasmcloud:other" }, "target_url", "target_url"},
		"operation":       {func(m *invocation.Message) { m.Operation += "s" }, "target_url", "target_url"},
		"payload":         {func(m *invocation.Message) { m.Msg[0]++ }, "hash", "hash"},
		"payload taken":   {func(m *invocation.Message) { m.Msg = nil }, "payload", ""},
		"id":              {func(m *invocation.Message) { m.ID = "another" }, "subject", ""},
		"host":            {func(m *invocation.Message) { m.HostID = publishedActor }, "host_id", "host_id"},
		"length":          {func(m *invocation.Message) { m.ContentLength = &more }, "payload", ""},
		"signature":       {func(m *invocation.Message) { m.Claims = flip(m.Claims, 2, 5) }, "signature", "signature"},
		"claims":          {func(m *invocation.Message) { m.Claims = flip(m.Claims, 1, 16) }, "signature", "signature"},
	} {
		m := sample(t)
		m.Msg = append([]byte{}, m.Msg...)
		c.change(&m)
		for target, want := range map[invocation.Target]string{invocation.Strict: c.strict, invocation.Rust: c.rust} {
			report := invocation.NewVerifier(target, []string{clusterSeed(t).PublicKey().String()}, nil).VerifyMessage(m, judgedAt())
			got := ""
			if report.First != nil {
				got = report.First.Name
			}
			if got != want {
				t.Errorf("%s: %s: refused by %q, want %q", name, target, got, want)
			}
		}
	}
}

// flip changes one bit of a byte in a part of the token.
func flip(token string, part, at int) string {
	parts := strings.Split(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(parts[part])
	if err != nil {
		panic(err)
	}
	data[at] ^= 1
	parts[part] = base64.RawURLEncoding.EncodeToString(data)
	return strings.Join(parts, ".")
}

// Every byte of a message is changed in every bit, and in random ways beyond:
// strict accepts nothing but what reads as the very same message.
func TestTamperedBytes(t *testing.T) {
	t.Parallel()
	whole := sample(t)
	data, err := invocation.Encode(whole)
	if err != nil {
		t.Fatal(err)
	}
	verifier := invocation.NewVerifier(invocation.Strict, []string{clusterSeed(t).PublicKey().String()}, nil)
	random := rand.New(rand.NewPCG(1, 2))
	tried, same := 0, 0
	try := func(mutated []byte) {
		tried++
		report := verifier.Verify(mutated, judgedAt())
		if report.Verdict != invocation.Accepted {
			return
		}
		same++
		// What is left is not signed or has two spellings in MessagePack.
		if got := *report.Message; got.Claims != whole.Claims || got.Hash() != whole.Hash() || got.ID != whole.ID {
			t.Errorf("accepted though changed: %+v", got)
		}
	}
	bits, most := 8, 15_000
	if testing.Short() {
		bits, most = 1, 1500
	}
	for at := range data {
		for bit := range bits {
			mutated := append([]byte{}, data...)
			mutated[at] ^= 1 << bit
			try(mutated)
		}
	}
	for tried < most {
		mutated := append([]byte{}, data...)
		switch at := random.IntN(len(data)); random.IntN(3) {
		case 0:
			mutated = append(mutated[:at], mutated[at+1:]...)
		case 1:
			mutated = append(mutated[:at+1], mutated[at:]...)
		default:
			other := random.IntN(len(data))
			mutated[at], mutated[other] = mutated[other], mutated[at]
			if data[at] == data[other] {
				continue
			}
		}
		try(mutated)
	}
	t.Logf("%d mutations, %d of them read as the same message", tried, same)
}
