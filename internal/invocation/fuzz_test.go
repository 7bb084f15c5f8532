package invocation_test

import (
	"encoding/json"
	"testing"

	"github.com/latch-keys/latch/internal/invocation"
)

// Whatever arrives, every verifier comes to a verdict with a reason, and what
// strict accepts, hosts accept.
func FuzzVerify(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.bytes(f))
	}
	issuers := []string{clusterSeed(f).PublicKey().String()}
	f.Fuzz(func(t *testing.T, data []byte) {
		verdicts := map[invocation.Target]invocation.Verdict{}
		for _, target := range invocation.Targets() {
			report := invocation.NewVerifier(target, issuers, nil).Verify(data, judgedAt())
			if (report.Verdict == invocation.Accepted) != (report.First == nil) {
				t.Fatalf("%s: %s by %+v", target, report.Verdict, report.First)
			}
			verdicts[target] = report.Verdict
		}
		if verdicts[invocation.Strict] == invocation.Accepted && verdicts[invocation.SDK] != invocation.Accepted {
			t.Errorf("strict accepts what a provider refuses: %v", verdicts)
		}
	})
}

// Claims that are read are what encoding/json reads in the same text.
func FuzzClaims(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Claims)
	}
	f.Add(`{"jti":"a","iat":1,"iss":"C","sub":"s","wascap":{"target_url":"\u00e4\ud83d\ude00","origin_url":"","hash":""},"x":[{"y":1},[2]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		claims, err := invocation.ReadClaims([]byte(text))
		if err != nil {
			return
		}
		want, ok := exactly(text)
		if !ok {
			return // an array in place of an object, which Rust takes
		}
		if got, wanted := canonical(t, claims), canonical(t, want); got != wanted {
			t.Errorf("read %s, want %s", got, wanted)
		}
	})
}

func canonical(t *testing.T, claims invocation.Claims) string {
	t.Helper()
	data, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// exactly reads the text with encoding/json, which by itself would also take
// names of another case.
func exactly(text string) (invocation.Claims, bool) {
	var claims invocation.Claims
	data, ok := only([]byte(text), "exp", "jti", "iat", "iss", "sub", "nbf", "wascap", "wascap_revision")
	return claims, ok && json.Unmarshal(data, &claims) == nil
}

// only keeps the members of those names, within a call likewise.
func only(text []byte, names ...string) ([]byte, bool) {
	var all map[string]json.RawMessage
	if json.Unmarshal(text, &all) != nil {
		return nil, false
	}
	kept := map[string]json.RawMessage{}
	for _, name := range names {
		value, there := all[name]
		if !there {
			continue
		}
		if name == "wascap" && string(value) != "null" {
			if value, there = only(value, "target_url", "origin_url", "hash"); !there {
				return nil, false
			}
		}
		kept[name] = value
	}
	data, err := json.Marshal(kept)
	return data, err == nil
}
