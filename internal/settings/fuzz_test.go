package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/settings"
)

// FuzzFile: whatever the settings file holds, it is read or refused without repeating a
// seed; a setting that is written into it is read back, and changes no other.
func FuzzFile(f *testing.F) {
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat("settings", 10)))
	if err != nil {
		f.Fatal(err)
	}
	secret := string(seed.Reveal())
	f.Add("color: never\nkeystore: 'dir:file'\n", "age:x")
	f.Add("# mine\nnats: nats://a:4222 # there\nquiet: true\n", "dir:a b")
	f.Add("keystore: ["+secret+"]\n", "x")
	f.Add("keystore: {"+secret+": x}\nOUTPUT: json\n", "env:")
	f.Add(secret+": "+secret+"\n", secret)
	f.Add("&a keystore: &b x\nmanifest: *b\n? *a\n: y\n", "y")
	for _, text := range []string{"keystore:", "keystore:\ncolor: never\n", "keystore: # c\ncolor: never\n", "{keystore: , color: never}", "{keystore:}\n", "keystore: ''\n", "keystore: !!str\n", "keystore:\n\n# c\n"} {
		f.Add(text, "b c")
		f.Add(text, "a\nb")
	}
	f.Add("keystore: |\n  x\ncolor: 'auto'", "exec:a # b")
	f.Fuzz(func(t *testing.T, text, value string) {
		from := source(t, "", nil, nil)
		path := filepath.Join(from.Dir, "config.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		quietly := func(err error) {
			told := keys.Mask(err.Error() + " " + fault.HintOf(err))
			if strings.Contains(strings.ToUpper(told), secret) {
				t.Fatalf("a seed is repeated: %s", strings.ReplaceAll(told, secret, "***"))
			}
		}
		if strings.ToLower(text) != text && strings.Count(text, ":") > 1 {
			return // which of a: and A: counts, nobody says
		}
		before, err := settings.Read(from)
		if err != nil {
			quietly(err)
			return
		}
		if err := settings.Set(t.Context(), path, "keystore", value); err != nil {
			quietly(err)
			if left, _ := os.ReadFile(path); string(left) != text {
				t.Fatalf("%q was refused, and the file is now %q", value, left)
			}
			return
		}
		after, err := settings.Read(from)
		if err != nil {
			t.Fatalf("%q with %q set cannot be read: %v", text, value, err)
		}
		for _, key := range settings.Keys() {
			want := before.Value(key)
			if key == "keystore" {
				want = value
			}
			if got := after.Value(key); got != want {
				t.Fatalf("%q with %q set: %s is %q, was %q", text, value, key, got, want)
			}
		}
	})
}
