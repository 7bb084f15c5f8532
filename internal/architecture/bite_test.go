package architecture

import (
	"strings"
	"testing"
)

// TestRulesBite shows every rule one breach, so that none passes by accident.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	cases := []struct{ rule, path, text, want string }{
		{"arrows", "internal/keys/a.go", `import _ "` + module + `/internal/safefile"`, "internal/keys imports internal/safefile, which is not below it"},
		{"arrows", "internal/env/a.go", `import _ "` + module + `/internal/keystore"`, "internal/env imports internal/keystore: seeds are handed in"},
		{"arrows", "internal/keystore/a_test.go", `import _ "` + module + `/internal/lattice"`, "imports internal/lattice, which is not below it"},
		{"arrows", "internal/lattice/a.go", `import _ "` + module + `/cmd"`, "imports cmd, which is not below it"},
		{"arrows", "cmd/a.go", `import _ "` + module + `/internal/oracle"`, "is for tests"},
		{"arrows", "cmd/keyscmd/a.go", `import _ "` + module + `/cmd/hostscmd"`, "imports cmd/hostscmd"},
		{"arrows", "cmd/app/a.go", `import _ "` + module + `/cmd/keyscmd"`, "imports cmd/keyscmd"},
		{"arrows", "internal/attic/a.go", ``, "in no room"},
		{"libraries", "internal/env/a.go", `import _ "github.com/spf13/cobra"`, "cobra"},
		{"libraries", "internal/env/a.go", `import _ "github.com/nats-io/nkeys"`, "nkeys"},
		{"libraries", "internal/keys/a.go", `import _ "github.com/docker/cli/pkg/kvfile"`, "kvfile"},
		{"process", "cmd/a.go", `import "os"; var a = os.Getenv("A")`, "os.Getenv"},
		{"process", "cmd/a.go", `import sys "os"; var a = sys.Stdout`, "os.Stdout"},
		{"process", "cmd/a.go", `import "fmt"; func a() { fmt.Println() }`, "fmt.Println"},
		{"sources of chance", "internal/lattice/a.go", `import "time"; var a = time.Now()`, "time.Now"},
		{"sources of chance", "internal/keys/a.go", `import "crypto/rand"; var a = rand.Reader`, "rand.Reader"},
		{"sources of chance", "internal/keys/a.go", `import "math/rand/v2"; var a = rand.Int()`, "rand.Int"},
		{"disk", "internal/env/a.go", `import "os"; var a, b = os.ReadFile("a")`, "os.ReadFile"},
		{"disk", "internal/keystore/keyring/probe_linux.go", `import "os"; var a = os.Remove("a")`, "os.Remove"},
		{"init", "internal/env/a.go", `func init() {}`, "a.go:2"},
		{"documentation", "internal/env/a.go", `func A() {}`, "A"},
		{"documentation", "internal/env/a.go", `type a struct{}; func (a) B() {}; type C int`, "C"},
		{"length", "internal/env/a.go", strings.Repeat("\n", maxFile), "401 lines"},
		{"length", "internal/env/a.go", "func a() {" + strings.Repeat("\n", maxFunc) + "}", "a has 91 lines"},
	}
	for _, c := range cases {
		if got := breaches(t, c.rule, c.path, "package env\n"+c.text); !strings.Contains(got, c.want) {
			t.Errorf("rule %q on %s\n%.80s\ngives %q, want %q", c.rule, c.path, c.text, got, c.want)
		}
	}
	if got := breaches(t, "package names", "internal/env/a.go", "package utils\n"); got == "" {
		t.Error("a package called utils passes")
	}
	for _, r := range rules() {
		if got := breaches(t, r.name, "internal/env/a.go", "package env\n\nimport \"fmt\"\n\n// A is fine.\nvar A = fmt.Sprint()\n"); got != "" {
			t.Errorf("rule %q finds %q in a clean file", r.name, got)
		}
	}
}

// breaches gives what one rule says of a file with the text.
func breaches(t *testing.T, name, file, text string) string {
	t.Helper()
	s, err := parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules() {
		if r.name == name {
			return strings.Join(r.check(s), "\n")
		}
	}
	t.Fatalf("no rule is called %q", name)
	return ""
}
