package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// CrateQuestion is one for the published crates that hosts are made of, see
// scripts/interop.
type CrateQuestion struct {
	Key     string   `json:"key,omitempty"`
	Seed    bool     `json:"seed,omitempty"` // whether Key is a seed
	Message string   `json:"message,omitempty"`
	Issuers []string `json:"issuers,omitempty"`
}

// CrateAnswer is what they make of it.
type CrateAnswer struct {
	Keys []struct {
		Version string `json:"version"` // of nkeys
		Public  string `json:"public"`
		Error   string `json:"error"`
	} `json:"keys"`
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
