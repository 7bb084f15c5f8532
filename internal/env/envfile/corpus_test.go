package envfile_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"

	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// A case is a set of files and the findings it is to give: lines of the comment,
//
//	want: error rule file:line
//
// and no others. target: and read-by: are the flags, mode: is that of the files.
// Words in capitals stand for keys, <CR> and <BOM> for what cannot be seen.
type corpusCase struct {
	target  wasmcloud.Target
	reading envfile.Reading
	mode    fs.FileMode
	want    []string
	files   []txtar.File
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/sets/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	broken, seen := 0, map[finding.Rule]bool{}
	words := keyWords(t)
	for _, path := range paths {
		c := readCase(t, path, words)
		if len(c.want) > 0 {
			broken++
		}
		findings := judged(t, c)
		var got []string
		for _, f := range findings {
			seen[f.Rule] = true
			got = append(got, fmt.Sprintf("%s %s %s:%d", f.Severity, f.Rule, f.File, f.Line))
			if keys.MayHoldSeed(f.Message + " " + f.Hint) {
				t.Errorf("%s: a seed is repeated: %s", path, f)
			}
			if f.Message == "" || f.Hint == "" && f.Rule != hostenv.RuleSyntax {
				t.Errorf("%s: no message or no hint: %s", path, f)
			}
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got  %s\n want %s\n%v", path, strings.Join(got, "\n      "), strings.Join(c.want, "\n      "), findings)
		}
	}
	oracle.Figure(t, "%d sets, %d of them broken", len(paths), broken)
	if broken < 40 || len(paths)-broken < 5 {
		t.Errorf("only %d broken sets of %d", broken, len(paths))
	}
	for _, r := range judge.Rules() {
		if !seen[r.Rule] && !(r.Rule == hostenv.RuleReadable && runtime.GOOS == "windows") {
			t.Errorf("no set breaks the rule %s", r.Rule)
		}
		delete(seen, r.Rule)
	}
	for rule := range seen {
		t.Errorf("the rule %s is not in the list", rule)
	}
}

func readCase(t *testing.T, path string, words *strings.Replacer) corpusCase {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil || len(archive.Files) == 0 {
		t.Fatalf("%s: %d files, %v", path, len(archive.Files), err)
	}
	c := corpusCase{mode: 0o600, files: archive.Files}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "target":
			c.target, err = wasmcloud.ParseTarget(value)
		case "read-by":
			c.reading, err = envfile.ParseReading(value)
		case "mode":
			var mode uint64
			mode, err = strconv.ParseUint(value, 8, 32)
			c.mode = fs.FileMode(mode)
		case "want":
			c.want = append(c.want, value)
		case "":
		default:
			if !strings.HasPrefix(key, "#") {
				err = fmt.Errorf("what is %q", key)
			}
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	for i := range c.files {
		c.files[i].Data = []byte(words.Replace(string(c.files[i].Data)))
	}
	return c
}

// judged loads the files as people would name them: all but those that others
// include.
func judged(t *testing.T, c corpusCase) []finding.Finding {
	t.Helper()
	dir := t.TempDir()
	for _, file := range c.files {
		path := filepath.Join(dir, file.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, bytes.ReplaceAll(file.Data, []byte("<DIR>"), []byte(dir)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
	}
	var paths []string
	for _, file := range c.files {
		if !strings.HasPrefix(file.Name, "included/") && file.Name != ".env" {
			paths = append(paths, filepath.Join(dir, file.Name))
		}
	}
	hosts, malformed, err := envfile.Load(t.Context(), paths, envfile.Options{Reading: c.reading, Target: func(string) wasmcloud.Target { return c.target }})
	if err != nil {
		t.Fatal(err)
	}
	findings := slices.Concat(malformed, judge.Check(hosts, judge.Options{Target: c.target, Now: today()}))
	for i := range findings {
		name, err := filepath.Rel(dir, findings[i].File)
		if err != nil {
			t.Fatal(err)
		}
		findings[i].File = filepath.ToSlash(name)
	}
	return findings
}

// keyWords are keys that are the same in every run.
func keyWords(t *testing.T) *strings.Replacer {
	t.Helper()
	pairs := []string{"<CR>", "\r", "<BOM>", "\ufeff", "<UTF16>", "\xff\xfe"}
	put := func(word string, seed keys.Seed) {
		text := string(seed.Reveal())
		pairs = append(pairs,
			"SEED_"+word, text, "KEY_"+word, seed.PublicKey().String(), "SHORT_"+word, text[:57], "LOWER_"+word, strings.ToLower(text),
			"WRONG_"+word, text[:30]+string("AB"[b2i(text[30] == 'A')])+text[31:],
			"BASE64_"+word, base64.StdEncoding.EncodeToString([]byte(text)), "BASE64LF_"+word, base64.StdEncoding.EncodeToString([]byte(text+"\n")),
			"CUT_"+word, seed.PublicKey().String()[:55], "SMALL_"+word, strings.ToLower(seed.PublicKey().String()),
		)
	}
	for i, word := range []string{"A", "B", "C"} {
		put(word, mustGenerate(t, keys.Cluster, byte(i+1)))
	}
	for i, word := range []string{"N1", "N2"} {
		put(word, mustGenerate(t, keys.Server, byte(i+11)))
	}
	for i, word := range []string{"U1", "U2"} {
		user := mustGenerate(t, keys.User, byte(i+21))
		put(word, user)
		for prefix, change := range map[string]func(*jwt.UserClaims){
			"JWT_": func(*jwt.UserClaims) {}, "EXPIREDJWT_": func(c *jwt.UserClaims) { c.Expires = today().Unix() - 1 },
			"EARLYJWT_":  func(c *jwt.UserClaims) { c.NotBefore = today().Unix() + 60 },
			"ENDINGJWT_": func(c *jwt.UserClaims) { c.Expires = today().AddDate(0, 0, 3).Unix() },
		} {
			pairs = append(pairs, prefix+word, userJWT(t, 31, user.PublicKey().String(), change))
		}
		pairs = append(pairs, "OTHERJWT_"+word, userJWT(t, 32, user.PublicKey().String(), func(*jwt.UserClaims) {}))
	}
	// The longest words first: KEY_A opens no other, but order must not matter.
	return strings.NewReplacer(pairs...)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func mustGenerate(t *testing.T, kind keys.Kind, b byte) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, bytes.NewReader(bytes.Repeat([]byte{b}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// userJWT is issued by the library of NATS, in the name of one of two accounts.
func userJWT(t *testing.T, account byte, user string, change func(*jwt.UserClaims)) string {
	t.Helper()
	issuer, err := nkeys.FromRawSeed(nkeys.PrefixByteAccount, bytes.Repeat([]byte{account}, 32))
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.NewUserClaims(user)
	change(claims)
	text, err := claims.Encode(issuer)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// today is when the sets are judged.
func today() time.Time { return time.Unix(1_700_000_000, 0) }
