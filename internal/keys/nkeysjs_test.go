package keys_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
)

// nkeysJS is where make test-deps puts the npm package.
const nkeysJS = "../../.tools/npm/nkeys.js"

// nkeys.js derives the same public keys from a thousand of our seeds, we read
// what it makes, and it refuses broken seeds as we do.
func TestAgreesWithNkeysJS(t *testing.T) {
	t.Parallel()
	node := oracle.Need(t, "node")
	folder, err := filepath.Abs(nkeysJS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "nkeys.js")); err != nil {
		oracle.Missing(t, "nkeys.js")
	}
	var question struct {
		Seeds  [][2]string `json:"seeds"`
		Broken []string    `json:"broken"`
	}
	r := rand.New(rand.NewPCG(2026, 21))
	for _, seed := range mustGenerateMany(t, keys.Cluster, 1000, random(21)) {
		text := string(seed.Reveal())
		question.Seeds = append(question.Seeds, [2]string{text, seed.PublicKey().String()})
		question.Broken = append(question.Broken, substitute(r, text))
	}
	asked, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(node, "testdata/nkeysjs.mjs", folder)
	command.Stdin = bytes.NewReader(asked)
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answer struct {
		Alike, Refused int
		Theirs         [][2]string
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Alike != 1000 || len(answer.Theirs) != 200 {
		t.Errorf("nkeys.js derives %d of 1000 keys alike and made %d", answer.Alike, len(answer.Theirs))
	}
	for _, pair := range answer.Theirs {
		seed, err := keys.ParseSeed([]byte(pair[0]), keys.Cluster)
		if err != nil || seed.PublicKey().String() != pair[1] {
			t.Errorf("we read %s otherwise: %v", pair[1], err)
		}
	}
	oracle.Figure(t, "nkeys.js refuses %d of 1000 broken seeds, we all of them", answer.Refused)
	if answer.Refused < 990 {
		t.Errorf("nkeys.js refuses only %d of 1000 broken seeds", answer.Refused)
	}
}
