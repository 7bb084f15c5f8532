package invocation

import (
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
)

// seenByVerifiers are the messages and claims of the vectors.
func seenByVerifiers(t testing.TB) (messages [][]byte, claims []string) {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Msgpack string `json:"msgpack_hex"`
		Claims  string `json:"claims_text"`
	}
	if err := json.Unmarshal(data, &all); err != nil || len(all) == 0 {
		t.Fatalf("%d vectors: %v", len(all), err)
	}
	for _, v := range all {
		message, err := hex.DecodeString(v.Msgpack)
		if err != nil {
			t.Fatal(err)
		}
		messages, claims = append(messages, message), append(claims, v.Claims)
	}
	return messages, claims
}

// changed is data with one to three bytes changed, taken out or doubled.
func changed(random *rand.Rand, data []byte) []byte {
	out := append([]byte{}, data...)
	for range random.IntN(4) {
		if len(out) == 0 {
			break
		}
		at := random.IntN(len(out))
		switch random.IntN(4) {
		case 0:
			out[at] ^= 1 << random.IntN(8)
		case 1:
			out[at] = byte(random.Uint32())
		case 2:
			out = append(out[:at], out[at+1:]...)
		default:
			out = append(out[:at+1], out[at:]...)
		}
	}
	return out
}

// What the quick reading of a message takes, the whole parser reads the same.
func TestUsualMessage(t *testing.T) {
	t.Parallel()
	messages, _ := seenByVerifiers(t)
	random := rand.New(rand.NewPCG(11, 12))
	quick := 0
	for range 40_000 {
		data := changed(random, messages[random.IntN(len(messages))])
		for _, by := range []layout{rustLayout(), otpLayout()} {
			got, behind, usual := usualMessage(data, by)
			if !usual {
				continue
			}
			quick++
			want, wantBehind, err := parse(data, by)
			if err != nil || behind != wantBehind || !reflect.DeepEqual(got, want) {
				t.Fatalf("%x:\nread  %+v, %d behind\nwant %+v, %d behind, %v", data, got, behind, want, wantBehind, err)
			}
		}
	}
	if quick < 10_000 {
		t.Errorf("only %d of 80,000 were read quickly", quick)
	}
	t.Logf("%d read quickly", quick)
}

// What the quick reading of claims takes, wascap's reading is the same, and no
// member comes twice.
func TestUsualClaims(t *testing.T) {
	t.Parallel()
	_, claims := seenByVerifiers(t)
	random := rand.New(rand.NewPCG(13, 14))
	quick := 0
	for range 40_000 {
		body := changed(random, []byte(claims[random.IntN(len(claims))]))
		got, usual := usualClaims(body)
		if !usual {
			continue
		}
		quick++
		want, err := ReadClaims(body)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s:\nread %+v\nwant %+v, %v", body, got, want, err)
		}
	}
	if quick < 10_000 {
		t.Errorf("only %d of 40,000 were read quickly", quick)
	}
	t.Logf("%d read quickly", quick)
}
