package invocation_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/oracle"
)

// askCrates asks wasmcloud-core 0.2.0 for its verdict on each message.
func askCrates(t *testing.T, messages [][]byte, issuers []string) []oracle.CrateAnswer {
	t.Helper()
	questions := make([]oracle.CrateQuestion, len(messages))
	for i, message := range messages {
		questions[i] = oracle.CrateQuestion{Message: hex.EncodeToString(message), Issuers: issuers}
	}
	return oracle.AskCrates(t, questions)
}

// What latch signs, the real check accepts; and of random changes to a message
// both make the same, verdict and words.
func TestInteropTamperings(t *testing.T) {
	t.Parallel()
	data, err := invocation.Encode(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	const count = 5000
	random := rand.New(rand.NewPCG(5, 6))
	messages := [][]byte{data}
	for len(messages) < count {
		messages = append(messages, tampered(random, data))
	}
	answers := compareWithCrates(t, messages, []string{clusterSeed(t).PublicKey().String()})
	if answers[0].Verdict != "accepted" {
		t.Errorf("what latch signed: %s: %s", answers[0].Verdict, answers[0].Error)
	}
}

// compareWithCrates holds latch's verdicts, and its words, against the crates'.
func compareWithCrates(t *testing.T, messages [][]byte, issuers []string) []oracle.CrateAnswer {
	t.Helper()
	answers := askCrates(t, messages, issuers)
	verifier := invocation.NewVerifier(invocation.Rust, issuers, nil)
	verdicts := map[string]int{}
	for i, message := range messages {
		report := verifier.Verify(message, time.Now())
		said := ""
		if report.First != nil {
			said = report.First.Host
		}
		verdicts[answers[i].Verdict]++
		if string(report.Verdict) != answers[i].Verdict || !sameCause(answers[i].Verdict, said, answers[i].Error) {
			t.Errorf("%x:\nlatch: %s: %s\ncrate: %s: %s", message, report.Verdict, said, answers[i].Verdict, answers[i].Error)
		}
	}
	oracle.Figure(t, "%d messages judged alike: %v", len(messages), verdicts)
	return answers
}

// sameCause forgives the wording of malformed MessagePack, JSON and UTF-8, where
// the verdict and the kind of cause have to be the same.
func sameCause(verdict, got, want string) bool {
	if verdict == "undecodable" {
		return true
	}
	for _, class := range []string{"Serialization error: ", "UTF8 error: "} {
		if strings.HasPrefix(got, class) && strings.HasPrefix(want, class) {
			return true
		}
	}
	return got == want
}

// tampered changes a message in one to three places.
func tampered(random *rand.Rand, data []byte) []byte {
	changed := append([]byte{}, data...)
	for range 1 + random.IntN(3) {
		at := random.IntN(len(changed))
		switch random.IntN(4) {
		case 0:
			changed[at] ^= 1 << random.IntN(8)
		case 1:
			changed[at] = byte(random.Uint32())
		case 2:
			changed = append(changed[:at], changed[at+1:]...)
		default:
			changed = append(changed[:at+1], changed[at:]...)
		}
	}
	return changed
}

// Of claims that were changed before they were signed, both read the same.
func TestInteropClaims(t *testing.T) {
	t.Parallel()
	m, seed := sample(t), clusterSeed(t)
	parts := strings.Split(m.Claims, ".")
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	const count = 5000
	random := rand.New(rand.NewPCG(7, 8))
	var messages [][]byte
	for len(messages) < count {
		text := parts[0] + "." + base64.RawURLEncoding.EncodeToString(reworded(random, body))
		signature, err := seed.Sign([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		m.Claims = text + "." + base64.RawURLEncoding.EncodeToString(signature)
		data, err := invocation.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, data)
	}
	compareWithCrates(t, messages, []string{seed.PublicKey().String()})
}

// reworded changes JSON in one to three places, often to what is JSON again.
func reworded(random *rand.Rand, body []byte) []byte {
	words := []string{"null", "1.5", "-1", "true", "18446744073709551616", `"x"`, "{}", "[]", `"exp":1,`, `"nbf":4102444800,`, " ", "\\u0041", `"iat":2,`, ","}
	changed := append([]byte{}, body...)
	for range 1 + random.IntN(3) {
		at := random.IntN(len(changed))
		switch random.IntN(4) {
		case 0:
			changed[at] = byte(' ' + random.IntN(95))
		case 1:
			changed = append(changed[:at], changed[at+1:]...)
		case 2: // a word in the place of a value or before a member
			if next := bytes.IndexAny(changed[at:], ":{,"); next >= 0 {
				at += next + 1
			}
			fallthrough
		default:
			word := words[random.IntN(len(words))]
			changed = append(changed[:at], append([]byte(word), changed[at:]...)...)
		}
	}
	return changed
}

// Of what the Go provider SDK sends both make the same, the nil included that it
// writes in the place of a trace context.
func TestInteropGoSDK(t *testing.T) {
	t.Parallel()
	calls := sdkCalls(50)
	var questions []sdkQuestion
	for i := range calls {
		if i%2 == 0 {
			calls[i].TraceContext = map[string]string{"traceparent": "00-1"}
		}
		questions = append(questions, sdkQuestion{Sign: &calls[i], Seed: publishedSeed, Link: "default"})
	}
	var messages [][]byte
	for _, a := range askGoSDK(t, questions) {
		data, err := hex.DecodeString(a.Message)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, data)
	}
	for i, a := range compareWithCrates(t, messages, []string{clusterSeed(t).PublicKey().String()}) {
		if want := []string{"accepted", "undecodable"}[i%2]; a.Verdict != want {
			t.Errorf("message %d: %s: %s, want %s", i, a.Verdict, a.Error, want)
		}
	}
}
