package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// CrateQuestion is a call that wasmcloud-core is to judge, in hex.
type CrateQuestion struct {
	Message string   `json:"message"`
	Issuers []string `json:"issuers"`
}

// CrateAnswer is its verdict: accepted, refused, undecodable or panics.
type CrateAnswer struct {
	Verdict string `json:"verdict"`
	Error   string `json:"error"`
}

// AskCrates asks the program that `make interop` builds, and skips the test,
// saying so, where it was not built.
func AskCrates(t testing.TB, questions []CrateQuestion) []CrateAnswer {
	t.Helper()
	program := os.Getenv("LATCH_INTEROP")
	if program == "" {
		t.Skip("needs the crates: make interop")
	}
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	for _, question := range questions {
		if err := encoder.Encode(question); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(program)
	command.Stdin = &in
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	var answers []CrateAnswer
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var answer CrateAnswer
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}
