package invocation_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// vector is an invocation that real verifiers judged: wasmcloud-core 0.2.0 and
// the check of OTP 0.63.2.
type vector struct {
	Description string   `json:"description"`
	Kind        string   `json:"kind"`
	Issuers     []string `json:"issuers"`
	Msgpack     string   `json:"msgpack_hex"`
	Claims      string   `json:"claims_text"`
	Rust        string   `json:"verdict"`
	RustError   string   `json:"error"`
	OTP         string   `json:"otp_verdict"`
	OTPError    string   `json:"otp_error"`
}

// judgedAt is when the vectors were judged.
func judgedAt() time.Time { return time.Unix(1795672100, 0) }

func vectors(t testing.TB) []vector {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 63 {
		t.Fatalf("%d vectors, want 63", len(all))
	}
	return all
}

func (v vector) bytes(t testing.TB) []byte {
	t.Helper()
	data, err := hex.DecodeString(v.Msgpack)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Verdict and cause agree with the real verifiers on every vector.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		for target, want := range map[invocation.Target][2]string{
			invocation.Rust: {v.Rust, v.RustError},
			invocation.OTP:  {v.OTP, v.OTPError},
		} {
			report := invocation.NewVerifier(target, v.Issuers, nil).Verify(v.bytes(t), judgedAt())
			said := ""
			if report.First != nil {
				said = report.First.Host
			}
			verdict := map[string]string{"panic": "panics"}[want[0]]
			if verdict == "" {
				verdict = want[0]
			}
			if string(report.Verdict) != verdict || !sameWords(said, want[1]) {
				t.Errorf("%s: %s: %s %q, want %s %q", v.Description, target, report.Verdict, said, want[0], want[1])
			}
		}
	}
}

// sameWords forgives one text: the OTP vectors were judged by a build that checks
// arithmetic, which names the same slip otherwise.
func sameWords(got, want string) bool {
	return got == want || want == "attempt to subtract with overflow" && strings.HasPrefix(got, "range end index")
}

// Strict refuses more than hosts do only where the documentation promises more.
func TestStrictDiffersWherePromised(t *testing.T) {
	t.Parallel()
	promised := map[string]string{
		"sub is not the invocation id": "subject",
		"msg emptied, content_length raised beyond the chunk size: bytes from the object store": "payload",
		"iss with a wrong checksum, listed in the same spelling":                                "issuer_sound",
		"issuer is the neutral point, listed; signature made by nobody (R neutral, s 0)":        "issuer_sound",
		"issuer is a point of small order (order 2), listed; signature made by nobody, try 0":   "issuer_sound",
	}
	for _, v := range vectors(t) {
		report := invocation.NewVerifier(invocation.Strict, v.Issuers, nil).Verify(v.bytes(t), judgedAt())
		switch {
		case v.Rust != "accepted" && report.Verdict == invocation.Accepted:
			t.Errorf("%s: strict accepts what Rust hosts do not", v.Description)
		case v.Rust == "accepted" && report.Verdict != invocation.Accepted && promised[v.Description] != report.First.Name:
			t.Errorf("%s: %s: %s", v.Description, report.First.Name, report.First.Why)
		case promised[v.Description] != "" && report.Verdict == invocation.Accepted:
			t.Errorf("%s: accepted", v.Description)
		}
	}
}

// However many parts a token has, they are counted, and none is taken for the
// signature but the third.
func TestTokenOfManyParts(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t) {
		if v.Rust != "accepted" {
			continue
		}
		m, _, err := (invocation.Input{Raw: v.bytes(t)}).Read()
		if err != nil {
			t.Fatal(err)
		}
		m.Claims += strings.Repeat(".", 1<<20)
		report := invocation.NewVerifier(invocation.Rust, v.Issuers, nil).VerifyMessage(*m, judgedAt())
		if report.First == nil || !strings.HasSuffix(report.First.Host, "expected 3 segments, found 1048579") {
			t.Errorf("%s: %+v", v.Description, report.First)
		}
		return
	}
	t.Error("no vector is accepted")
}
